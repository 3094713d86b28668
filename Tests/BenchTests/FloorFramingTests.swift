import FloorFraming
import Testing
import Wire

/// What a framing function writes.
private func framed(
  _ payload: [UInt8], _ frame: (UnsafeMutablePointer<CChar>, UnsafePointer<CChar>, Int) -> Int
)
  -> [UInt8]
{
  var out = [CChar](repeating: 0, count: payload.count + Int(FLOOR_FRAME_ROOM))
  let count = payload.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer {
    frame(&out, $0.baseAddress!, payload.count)
  }
  return out.prefix(count).map { UInt8(bitPattern: $0) }
}

@Suite struct FloorFramingTests {
  let payload = TokenPayload(index: 12, token: " abc").json

  @Test("An event is one chunk, with the bytes that pushlab's own server writes")
  func event() {
    let bytes = framed(payload) { floor_event($0, "0123456789abcdef", 12, $1, $2) }
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == "3b\r\nid: 0123456789abcdef:12\ndata: {\"index\":12,\"token\":\" abc\"}\n\n\r\n")
    let own = ServerSentEvent.encode(id: "0123456789abcdef:12", data: payload)
    #expect(Array(bytes.dropFirst(4).dropLast(2)) == own)
    #expect(own.count == 0x3b)
  }

  @Test("A message is one unmasked text frame")
  func message() {
    #expect(framed(payload) { floor_message($0, $1, $2) } == [0x81, 0x1b] + payload)
  }

  @Test("A message of 126 bytes and more has its length in two bytes")
  func longMessage() {
    let long = [UInt8](repeating: 0x61, count: 300)
    #expect(framed(long) { floor_message($0, $1, $2) } == [0x81, 126, 1, 44] + long)
    #expect(framed(Array(long.prefix(126))) { floor_message($0, $1, $2) }.prefix(4) == [0x81, 126, 0, 126])
    #expect(framed(Array(long.prefix(125))) { floor_message($0, $1, $2) }.prefix(2) == [0x81, 125])
  }
}
