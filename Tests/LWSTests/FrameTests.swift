import Testing

@testable import LWS

@Suite struct FrameTests {
  private func bytes(_ frame: Frame, framed: Bool = false) -> [UInt8] {
    frame.withBytes(framed: framed) { Array($0) }
  }

  private func text(_ frame: Frame, framed: Bool = false) -> String {
    String(decoding: bytes(frame, framed: framed), as: UTF8.self)
  }

  @Test func `literal bytes of a piece of a body`() {
    let frame = Frame(.body, Array("data: sky\n\n".utf8))
    #expect(text(frame, framed: true) == "b\r\ndata: sky\n\n\r\n")
    #expect(text(frame) == "data: sky\n\n")
    #expect(String(decoding: frame.bytes, as: UTF8.self) == "data: sky\n\n")
    #expect(frame.count == 11)
  }

  @Test(arguments: [(1, "1"), (15, "f"), (16, "10"), (255, "ff"), (4_096, "1000"), (70_000, "11170")])
  func `the chunk's size is hexadecimal`(_ count: Int, _ size: String) {
    let payload = [UInt8](repeating: UInt8(ascii: "x"), count: count)
    let frame = Frame(.body, payload)
    #expect(bytes(frame, framed: true) == Array("\(size)\r\n".utf8) + payload + Array("\r\n".utf8))
    #expect(bytes(frame) == payload)
  }

  @Test func `several pieces of a body become one, and messages stand in a row`() {
    let body = Frame(joining: ["a\n", "bc\n"].map { Frame(.body, Array($0.utf8)) })
    #expect(text(body, framed: true) == "5\r\na\nbc\n\r\n")
    let messages = ["a", "bc"].map { Frame(.text, Array($0.utf8)) }
    let row = Frame(joining: messages)
    #expect(bytes(row, framed: true) == [0x81, 1] + Array("a".utf8) + [0x81, 2] + Array("bc".utf8))
    #expect(row.messages.map { text($0) } == ["a", "bc"])
    #expect(messages[0].messages.count == 1)
    let sizes = [0, 125, 126, 65_535, 65_536]
    let long = Frame(joining: sizes.map { Frame(.text, [UInt8](repeating: 0x61, count: $0)) })
    #expect(long.messages.map(\.count) == sizes)
  }

  // The headers of RFC 6455, section 5.2, at the edges between their three lengths.
  @Test(arguments: [
    (0, [0x82, 0]), (125, [0x82, 125]), (126, [0x82, 126, 0, 126]), (65_535, [0x82, 126, 0xff, 0xff]),
    (65_536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
  ])
  func `a message has its header`(_ count: Int, _ header: [UInt8]) {
    let payload = [UInt8](repeating: 0xff, count: count)
    let frame = Frame(.binary, payload)
    #expect(bytes(frame, framed: true) == header + payload)
    #expect(bytes(frame) == payload)
    #expect(frame.count == count)
  }

  @Test func `a text is told from bytes`() {
    #expect(bytes(Frame(.text, Array("sky".utf8)), framed: true) == [0x81, 3] + Array("sky".utf8))
  }

  @Test(arguments: [Frame.Kind.text, .binary])
  func `an empty message is possible`(_ kind: Frame.Kind) {
    let frame = Frame(kind, [])
    #expect(frame.count == 0)
    #expect(frame.bytes == [])
  }
}
