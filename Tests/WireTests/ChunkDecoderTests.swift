import Testing
import Wire

@Suite struct ChunkDecoderTests {
  private func body(_ pieces: [String]) throws -> (text: String, isDone: Bool) {
    var decoder = ChunkDecoder()
    var body: [UInt8] = []
    for piece in pieces {
      try Array(piece.utf8).withUnsafeBytes { bytes in try decoder.decode(bytes) { body += $0 } }
    }
    return (String(decoding: body, as: UTF8.self), decoder.isDone)
  }

  @Test func `chunks are taken off`() throws {
    let (text, isDone) = try body(["5\r\nhello\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n"])
    #expect(text == "helloabcdefghijklmnopqrstuvwxyz")
    #expect(isDone)
  }

  @Test func `cut anywhere, they are the same`() throws {
    let whole = "5;name=value\r\nhello\r\nb\r\n, my\r\nworld\r\n0\r\n\r\n"
    for cut in 0...whole.utf8.count {
      let bytes = Array(whole.utf8)
      let pieces = [bytes[..<cut], bytes[cut...]].map { String(decoding: $0, as: UTF8.self) }
      #expect(try body(pieces).text == "hello, my\r\nworld")
      #expect(try body(pieces).isDone)
    }
    #expect(try body(whole.utf8.map { String(UnicodeScalar($0)) }).text == "hello, my\r\nworld")
  }

  @Test func `a body that was cut is not done`() throws {
    #expect(try body(["5\r\nhel"]).text == "hel")
    #expect(try body(["5\r\nhello\r\n"]).isDone == false)
  }

  @Test(arguments: [
    "5;a\r\nhello\r\n0\r\n\r\n", "5 ; a = \"b;c\"\r\nhello\r\n0;x\r\n\r\n", "005  \r\nhello\r\n000\r\n\r\n",
    "5\r\nhello\r\n0\r\nA: b\r\nC:\r\n\r\n",
  ])
  func `extensions, blanks and trailers are read over`(_ text: String) throws {
    let (body, isDone) = try body([text])
    #expect(body == "hello")
    #expect(isDone)
  }

  @Test(arguments: ["5\r\nhello\r\n0\r\n", "5\r\nhello\r\n0\r\nA: b\r\n", "5\r\nhello\r\n0\r\nA: b\r\n\r"])
  func `a body that was cut in its trailer is not done`(_ text: String) throws {
    #expect(try body([text]).isDone == false)
  }

  @Test(arguments: [
    "5\r\nhelloworld\r\n", "fffffffffffffffff\r\n", "\r\n", "x\r\n", ";a\r\n", "-5\r\nhello\r\n",
    "5x\r\nhello\r\n",
    "5 5\r\nhello\r\n", "5\nhello\r\n", "5;a\nhello\r\n", "5\r\rhello\r\n", "5\r\nhello\n0\r\n\r\n",
    "5\r\nhello\r\n\r\n", "<html>",
  ])
  func `what is no chunk is refused`(_ text: String) {
    #expect(throws: ChunkDecoder.Malformed.self) { try body([text]) }
  }

  @Test(arguments: ["5;", "0\r\nA: "])
  func `what is read over has an end`(_ beginning: String) {
    let text = beginning + String(repeating: "x", count: ChunkDecoder.longestExtra + 1)
    #expect(throws: ChunkDecoder.Malformed.self) { try body([text]) }
  }
}
