extension UInt8 {
  /// The value of a lower-case hexadecimal digit in ASCII; nil for any other byte.
  init?(hexadecimalDigit byte: UInt8) {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self = byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self = byte - UInt8(ascii: "a") + 10
    default: return nil
    }
  }
}

extension [UInt8] {
  /// - Returns: nil unless there are two lower-case digits a byte.
  init?(hexadecimal text: String) {
    let digits = text.utf8.compactMap(UInt8.init(hexadecimalDigit:))
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
    self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
