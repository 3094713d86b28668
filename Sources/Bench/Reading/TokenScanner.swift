/// Finds tokens in a stream of bytes by the mark with which each payload begins, `"index":N`, whatever framing is
/// around it: events, chunks, messages, pages. Bytes may be cut anywhere.
///
/// A payload escapes the quotes of its text, so the mark stands in no token.
struct TokenScanner {
  /// How much of the mark was seen; all of it while digits come.
  private var matched = 0
  private var index = 0
  private var hasDigit = false

  private static let mark: StaticString = #""index":"#

  /// - Parameter found: is given each token's index, in the order of the bytes.
  mutating func scan(_ bytes: UnsafeRawBufferPointer, found: (Int) -> Void) {
    for byte in bytes {
      if matched < Self.mark.utf8CodeUnitCount {
        step(byte)
      } else if byte &- UInt8(ascii: "0") < 10 {
        index = index &* 10 &+ Int(byte &- UInt8(ascii: "0"))
        hasDigit = true
      } else {
        if hasDigit { found(index) }
        (matched, index, hasDigit) = (0, 0, false)
        step(byte)
      }
    }
  }

  /// As Knuth, Morris and Pratt have it: the mark's closing quote may be another mark's first.
  private mutating func step(_ byte: UInt8) {
    while Self.mark.utf8Start[matched] != byte {
      guard matched > 0 else { return }
      matched = matched == Self.mark.utf8CodeUnitCount - 1 ? 1 : 0
    }
    matched += 1
  }
}
