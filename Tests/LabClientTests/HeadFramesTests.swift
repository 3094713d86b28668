import Testing

@testable import LabClient

@Suite struct HeadFramesTests {
  /// A frame of that type (RFC 9113, section 4.1).
  private func frame(_ type: UInt8, _ length: Int) -> [UInt8] {
    [UInt8(length >> 16), UInt8(length >> 8 & 0xff), UInt8(length & 0xff), type, 0, 0, 0, 0, 1]
      + [UInt8](repeating: 0xaa, count: length)
  }

  @Test(arguments: [1, 3, 9, 10, 1_000])
  func `frames that carry heads are counted however they were cut`(_ size: Int) {
    // SETTINGS, HEADERS, DATA of more than a byte can say, CONTINUATION, an empty DATA, HEADERS.
    let bytes = frame(4, 18) + frame(1, 30) + frame(0, 300) + frame(9, 5) + frame(0, 0) + frame(1, 1)
    var count = HeadFrameCount()
    for start in stride(from: 0, to: bytes.count, by: size) {
      count.take(bytes[start..<min(start + size, bytes.count)])
    }
    #expect(count.bytes == 39 + 14 + 10)
    #expect(!count.hasGoAway)
    count.take(frame(7, 8))
    #expect(count.hasGoAway)
  }

  @Test func `a client's first bytes are no frame`() {
    var count = HeadFrameCount(behind: 24)
    count.take(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(1, 7))
    #expect(count.bytes == 16)
  }
}
