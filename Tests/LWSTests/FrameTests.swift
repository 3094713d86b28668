import Testing

@testable import LWS

@Suite struct FrameTests {
  /// A copy of what points into the frame, which has to live that long.
  private func bytes(
    _ frame: Frame, _ part: (Frame) -> UnsafeMutableBufferPointer<UInt8> = \.payload
  ) -> [UInt8] {
    withExtendedLifetime(frame) { Array(part(frame)) }
  }

  private func text(
    _ frame: Frame, _ part: (Frame) -> UnsafeMutableBufferPointer<UInt8> = \.payload
  ) -> String {
    String(decoding: bytes(frame, part), as: UTF8.self)
  }

  @Test func `literal bytes of a piece of a body`() {
    let frame = Frame(.body, Array("data: sky\n\n".utf8))
    #expect(text(frame, \.chunk) == "b\r\ndata: sky\n\n\r\n")
    #expect(text(frame) == "data: sky\n\n")
    #expect(String(decoding: frame.bytes, as: UTF8.self) == "data: sky\n\n")
    #expect(frame.count == 11)
    #expect(frame.chunkCount == 16)
  }

  @Test(arguments: [(1, "1"), (15, "f"), (16, "10"), (255, "ff"), (4_096, "1000"), (70_000, "11170")])
  func `the chunk's size is hexadecimal`(_ count: Int, _ size: String) {
    let payload = [UInt8](repeating: UInt8(ascii: "x"), count: count)
    let frame = Frame(.body, payload)
    #expect(bytes(frame, \.chunk) == Array("\(size)\r\n".utf8) + payload + Array("\r\n".utf8))
    #expect(bytes(frame) == payload)
  }

  @Test(arguments: [Frame.Kind.text, .binary])
  func `a message has no chunk framing`(_ kind: Frame.Kind) {
    let payload: [UInt8] = [0, 0xff, 0x80, 10, 13]
    let frame = Frame(kind, payload)
    #expect(frame.kind == kind)
    #expect(bytes(frame) == payload)
    #expect(bytes(frame, \.chunk) == payload)
    #expect(frame.count == 5)
    #expect(frame.chunkCount == 5)
  }

  @Test(arguments: [Frame.Kind.text, .binary])
  func `an empty message is possible`(_ kind: Frame.Kind) {
    let frame = Frame(kind, [])
    #expect(frame.count == 0)
    #expect(frame.bytes == [])
  }

  @Test func `a slice is taken as it stands`() {
    let digits = Array("0123456789".utf8)
    #expect(text(Frame(.body, digits[3..<6]), \.chunk) == "3\r\n345\r\n")
    #expect(text(Frame(.text, digits[3..<6])) == "345")
  }

  // libwebsockets puts a frame header of up to 14 bytes there (RFC 6455, section 5.2).
  @Test func `what is written before a message leaves it alone`() throws {
    let frame = Frame(.text, Array("sky".utf8))
    let start = try #require(frame.payload.baseAddress)
    (start - 14).update(repeating: 0xee, count: 14)
    #expect(text(frame) == "sky")
  }
}
