/// Joins characters whose two halves come in two chunks. A server that cuts its text by UTF-16 code units, as JavaScript
/// counts, writes each half as an escape, `\ud83d` and then `\ude00`, and neither of them is a character (RFC 8259,
/// section 8.2).
struct SurrogateHalves {
  /// The first half of a character, whose other half is to come.
  private var waiting: UInt16?

  /// - Returns: the same JSON without halves: one that begins a character is left out until its other half comes, and one
  ///   that ends none is U+FFFD.
  mutating func joined(_ json: String) -> String {
    var result: [UInt8] = []
    var rest = Array(json.utf8)[...]
    while !rest.isEmpty {
      guard let half = Self.code(rest), Self.surrogates.contains(half) else {
        // A backslash takes the next byte with it, which may be another one.
        let count = rest.first == UInt8(ascii: "\\") ? 2 : 1
        result += rest.prefix(count)
        rest = rest.dropFirst(count)
        continue
      }
      rest = rest.dropFirst(6)
      if Self.firstHalves.contains(half) {
        waiting = half
      } else {
        result += Self.escapes(waiting, half).utf8
        waiting = nil
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static let surrogates: ClosedRange<UInt16> = 0xd800...0xdfff
  private static let firstHalves: ClosedRange<UInt16> = 0xd800...0xdbff

  private static func escapes(_ first: UInt16?, _ second: UInt16) -> String {
    first.map { "\\u\(String($0, radix: 16))\\u\(String(second, radix: 16))" } ?? "\\ufffd"
  }

  /// What an escape of four hexadecimal digits at the beginning stands for; nil for anything else.
  private static func code(_ bytes: ArraySlice<UInt8>) -> UInt16? {
    guard bytes.starts(with: #"\u"#.utf8), bytes.count >= 6 else { return nil }
    let digits = String(decoding: bytes.dropFirst(2).prefix(4), as: UTF8.self)
    return digits.allSatisfy(\.isHexDigit) ? UInt16(digits, radix: 16) : nil
  }
}
