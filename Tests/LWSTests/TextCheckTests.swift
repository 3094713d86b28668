import Testing

@testable import LWS

@Suite struct TextCheckTests {
  /// Every sequence of up to four of these bytes, which lie at the edges of what they may be.
  @Test func `it agrees with the standard library`() {
    let edges: [UInt8] = [
      0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
      0xef,
      0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
    ]
    var texts: [[UInt8]] = [[]]
    for length in 1...4 {
      texts = texts.flatMap { text in edges.map { text + [$0] } }
      let wrong = texts.filter { TextCheck.isText($0) != (String(validating: $0, as: UTF8.self) != nil) }
      #expect(wrong.isEmpty, "of \(length) bytes")
    }
  }
}
