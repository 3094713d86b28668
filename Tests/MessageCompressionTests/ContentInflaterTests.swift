import MessageCompression
import Testing

@Suite struct ContentInflaterTests {
  // What gzip makes of "data: sky\n\n" twice, flushed between the two, as a proxy does that streams.
  private static let coded: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 74, 73, 44, 73, 180, 82, 40, 206, 174, 228, 226, 2, 0, 0, 0, 255, 255,
    75, 65, 48, 1, 203, 24, 203, 177, 22, 0, 0, 0,
  ]

  private func read(_ bytes: [UInt8], inPiecesOf size: Int) throws -> [UInt8] {
    let inflater = ContentInflater()
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      try Array(bytes[start..<min(start + size, bytes.count)]).withUnsafeBytes { piece in
        try inflater.inflate(piece) { text += $0 }
      }
    }
    #expect(inflater.hasEnded)
    return text
  }

  @Test(arguments: [1, 2, 7, 1_000])
  func `a body is read however it was cut`(_ size: Int) throws {
    #expect(
      try String(decoding: read(Self.coded, inPiecesOf: size), as: UTF8.self) == "data: sky\n\ndata: sky\n\n")
  }

  @Test func `what was flushed is there at once`() throws {
    let inflater = ContentInflater()
    var text: [UInt8] = []
    try Array(Self.coded.prefix(27)).withUnsafeBytes { piece in
      try inflater.inflate(piece) { text += $0 }
    }
    #expect(String(decoding: text, as: UTF8.self) == "data: sky\n\n")
    #expect(!inflater.hasEnded)
  }

  @Test(arguments: [1, 7, 1_000])
  func `members follow one another`(_ size: Int) throws {
    let once = try read(Self.coded, inPiecesOf: size)
    #expect(try read(Self.coded + Self.coded, inPiecesOf: size) == once + once)
  }

  @Test func `what is no gzip, or goes on behind its end, is told`() {
    for bytes in [
      Array("data: sky\n\n".utf8), Self.coded + [0, 0],
      Array(Self.coded.dropLast(8)) + [1, 2, 3, 4, 5, 6, 7, 8],
    ] {
      #expect(throws: ContentInflater.Malformed.self) { _ = try read(bytes, inPiecesOf: 1_000) }
    }
  }
}
