/// Joins characters whose two halves come in two chunks. A server that cuts its text by UTF-16 code units, as JavaScript
/// counts, writes each half as an escape, `\ud83d` and then `\ude00`, and neither of them is a character (RFC 8259,
/// section 8.2). So each stands in for itself, as a character that nobody uses, until the texts are read.
struct SurrogateHalves {
  /// The first half of a character, whose other half may come with the next text.
  private var waiting: UInt16?

  var isWaiting: Bool { waiting != nil }

  private static let halves: ClosedRange<UInt16> = 0xd800...0xdfff
  private static let firstHalves: ClosedRange<UInt16> = 0xd800...0xdbff
  /// The last 2,048 characters of the last plane for private use (Unicode, section 23.5).
  private static let firstStandIn: UInt32 = 0x10f800

  /// - Returns: JSON that can be read, with a character in place of each half that stands alone.
  static func standingIn(_ json: String) -> String {
    var result: [UInt8] = []
    var rest = Array(json.utf8)[...]
    while !rest.isEmpty {
      let half = code(rest).flatMap { halves.contains($0) ? $0 : nil }
      if let half, firstHalves.contains(half), let next = code(rest.dropFirst(6)), isSecond(next) {
        result += rest.prefix(12)
        rest = rest.dropFirst(12)
      } else if let half {
        let scalar = firstStandIn + UInt32(half - halves.lowerBound)
        result += String(Unicode.Scalar(scalar).map(Character.init) ?? "\u{fffd}").utf8
        rest = rest.dropFirst(6)
      } else {
        // A backslash takes the next byte with it, which may be another one.
        let count = rest.first == UInt8(ascii: "\\") ? 2 : 1
        result += rest.prefix(count)
        rest = rest.dropFirst(count)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// - Returns: the text with its halves joined: one at its end is left out until the next text brings the other, and one
  ///   that is half of nothing is U+FFFD.
  mutating func joined(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let half = Self.half(scalar)
      if let first = waiting {
        waiting = nil
        if let half, Self.isSecond(half) {
          scalars.append(Self.character(first, half))
          continue
        }
        scalars.append("\u{fffd}")
      }
      if let half, Self.firstHalves.contains(half) {
        waiting = half
      } else {
        scalars.append(half == nil ? scalar : "\u{fffd}")
      }
    }
    return String(scalars)
  }

  private static func isSecond(_ code: UInt16) -> Bool {
    halves.contains(code) && !firstHalves.contains(code)
  }

  /// The half that a character stands in for.
  private static func half(_ scalar: Unicode.Scalar) -> UInt16? {
    guard scalar.value >= firstStandIn else { return nil }
    return halves.lowerBound + UInt16(scalar.value - firstStandIn)
  }

  private static func character(_ first: UInt16, _ second: UInt16) -> Unicode.Scalar {
    let (high, low) = (UInt32(first) - 0xd800, UInt32(second) - 0xdc00)
    return Unicode.Scalar(0x10000 + (high << 10 | low)) ?? "\u{fffd}"
  }

  /// What an escape of four hexadecimal digits at the beginning stands for; nil for anything else.
  private static func code(_ bytes: ArraySlice<UInt8>) -> UInt16? {
    guard bytes.starts(with: #"\u"#.utf8), bytes.count >= 6 else { return nil }
    let digits = String(decoding: bytes.dropFirst(2).prefix(4), as: UTF8.self)
    return digits.allSatisfy(\.isHexDigit) ? UInt16(digits, radix: 16) : nil
  }
}
