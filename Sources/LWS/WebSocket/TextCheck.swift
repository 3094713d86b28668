/// Finds what is not UTF-8 in a text that comes in pieces, at the byte that no character goes on with (RFC 6455,
/// section 8.1; the Unicode Standard, table 3-7).
struct TextCheck {
  /// Bytes of a character that are still to come.
  private var left = 0
  /// What the next of them may be.
  private var next: ClosedRange<UInt8> = Self.continuation

  private static let continuation: ClosedRange<UInt8> = 0x80...0xbf

  /// Whether the text may end here.
  var isAtCharacterEnd: Bool { left == 0 }

  /// - Returns: false where the text is none.
  mutating func take(_ bytes: some Sequence<UInt8>) -> Bool {
    for byte in bytes where !take(byte) { return false }
    return true
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    if left > 0 {
      guard next.contains(byte) else { return false }
      left -= 1
      next = Self.continuation
      return true
    }
    switch byte {
    case 0x00...0x7f: break
    case 0xc2...0xdf: left = 1
    case 0xe0...0xef: left = 2
    case 0xf0...0xf4: left = 3
    default: return false
    }
    switch byte {
    // Longer than need be, a surrogate, or past the last code point.
    case 0xe0: next = 0xa0...0xbf
    case 0xed: next = 0x80...0x9f
    case 0xf0: next = 0x90...0xbf
    case 0xf4: next = 0x80...0x8f
    default: break
    }
    return true
  }

  static func isText(_ bytes: some Sequence<UInt8>) -> Bool {
    var check = TextCheck()
    return check.take(bytes) && check.isAtCharacterEnd
  }
}
