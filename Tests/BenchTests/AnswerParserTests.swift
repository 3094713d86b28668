import Testing

@testable import Bench

/// What was read from answers that come in pieces.
private struct Answers {
  var bodies: [String] = []
  var statuses: [Int] = []
  var parser: AnswerParser

  init(_ ending: AnswerParser.Ending, _ pieces: [ArraySlice<UInt8>]) throws {
    parser = AnswerParser(ending)
    var body: [UInt8] = []
    for piece in pieces {
      try Array(piece).withUnsafeBytes { bytes in
        var rest = bytes
        while !rest.isEmpty {
          let taken = try parser.take(rest) { body.append(contentsOf: $0) }
          rest = UnsafeRawBufferPointer(rebasing: rest[taken.count...])
          guard taken.isComplete else { continue }
          statuses.append(parser.status)
          bodies.append(String(decoding: body, as: UTF8.self))
          body = []
        }
      }
    }
    if ending == .never { bodies = [String(decoding: body, as: UTF8.self)] }
  }
}

@Suite struct AnswerParserTests {
  static let two = Array(
    """
    HTTP/1.1 200 OK\r\nContent-Length: 5\r\nLast-Modified: Mon, 23 Nov 2026 10:00:00 GMT\r\nETag: 3\r\n\r\nhello\
    HTTP/1.1 304 Not Modified\r\nEtag: 4\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n
    """.utf8)

  @Test("Answers on one connection are told apart wherever the bytes are cut")
  func cut() throws {
    for cut in 0...Self.two.count {
      let answers = try Answers(.counted, [Self.two[..<cut], Self.two[cut...]])
      #expect(answers.bodies == ["hello", "", ""], "cut at \(cut)")
      #expect(answers.statuses == [200, 304, 200], "cut at \(cut)")
    }
  }

  @Test("What a poller echoes is kept, as the last answer that said it had it")
  func validators() throws {
    let answers = try Answers(.counted, Self.two.map { [$0][...] })
    #expect(answers.parser.lastModified == Array("Mon, 23 Nov 2026 10:00:00 GMT".utf8))
    #expect(answers.parser.etag == Array("4".utf8))
  }

  @Test("All that follows the head of a stream is its body", arguments: [0, 1, 20, 45, 60])
  func stream(cut: Int) throws {
    let bytes = Array("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n".utf8)
    let cut = min(cut, bytes.count)
    let answers = try Answers(.never, [bytes[..<cut], bytes[cut...]])
    #expect(answers.bodies == ["5\r\nhello\r\n"])
  }

  @Test("A poll's answer of unknown length is refused rather than waited for")
  func unknownLength() {
    let bytes = Array("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".utf8)
    #expect(throws: AnswerProblem.unknownLength) { _ = try Answers(.counted, [bytes[...]]) }
  }

  @Test(
    "What is no response is refused",
    arguments: [
      "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n",
    ])
  func malformed(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(throws: AnswerProblem.malformed) { _ = try Answers(.counted, [bytes[...]]) }
  }
}
