/// The secret that a server asks for. It never goes into a text.
struct AccessToken: Sendable, CustomStringConvertible {
  private let secret: [UInt8]

  static let minimumLength = 16

  /// Nil for fewer than 16 characters, and for others than printable ASCII without the space.
  init?(_ text: String) {
    guard text.utf8.count >= Self.minimumLength, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      return nil
    }
    secret = Array(text.utf8)
  }

  var description: String { "(a token)" }

  func isSame(as presented: String) -> Bool {
    isEqualInConstantTime(secret, to: Array(presented.utf8))
  }
}

/// Whether both are the same bytes. How long that takes depends on the presented length alone, which whoever
/// presents it knows: not on where a byte differs, and not on whether the lengths do.
/// - Parameter secret: not empty.
func isEqualInConstantTime(_ secret: [UInt8], to presented: [UInt8]) -> Bool {
  var difference = secret.count ^ presented.count
  for index in presented.indices {
    difference |= Int(presented[index] ^ secret[index % secret.count])
  }
  return difference == 0
}
