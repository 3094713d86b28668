/// Cuts bytes of UTF-8 that come in pieces into texts of whole characters (Unicode scalars).
public struct WholeCharacters: Sendable {
  /// The beginning of a character.
  private var held: [UInt8] = []

  public init() {}

  /// What is whole by now; the beginning of a character is held back. Bytes that can become none are U+FFFD.
  public mutating func take(_ bytes: some Sequence<UInt8>) -> String {
    held.append(contentsOf: bytes)
    let count = held.count - Self.unfinished(held)
    defer { held.removeFirst(count) }
    return String(decoding: held[..<count], as: UTF8.self)
  }

  /// What is left at the end: U+FFFD, or nothing.
  public var rest: String { held.isEmpty ? "" : "\u{fffd}" }

  /// How many of the last bytes begin a character that goes on.
  private static func unfinished(_ bytes: [UInt8]) -> Int {
    for count in 1...3 where count <= bytes.count {
      let lead = bytes[bytes.count - count]
      // A continuation has its lead before it.
      if lead & 0b1100_0000 == 0b1000_0000 { continue }
      let length =
        lead >= 0xf0 && lead < 0xf5
        ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 1
      return length > count ? count : 0
    }
    return 0
  }
}
