import Testing
import Wire

/// Responses as literal bytes, given whole and in pieces.
@Suite struct ResponseDecoderTests {
  /// What a reader sees: `103`, `200`, its body's bytes, `.` for the end, `?` for bytes that nobody asked for.
  private func seen(_ pieces: [[UInt8]], allowsUpgrade: Bool = false, ends: Bool = false) throws -> String {
    var decoder = ResponseDecoder()
    decoder.expect(allowsUpgrade: allowsUpgrade)
    var seen = ""
    for piece in pieces {
      try piece.withUnsafeBytes { bytes in
        var rest = bytes
        while let part = try decoder.next(&rest) {
          switch part {
          case .interim(let head): seen += "(\(head.status))"
          case .head(let head): seen += "\(head.status) "
          case .body(let bytes): seen += String(decoding: bytes, as: UTF8.self)
          case .end: seen += "."
          case .unasked: seen += "?"
          }
        }
        #expect(rest.isEmpty)
      }
    }
    if ends, decoder.endOfConnection() { seen += "." }
    return seen
  }

  private static let responses = [
    ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 hello."),
    ("\r\n\nHTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "200 hello."),
    ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 ."),
    ("HTTP/1.1 204 No Content\r\n\r\n", "204 ."),
    (
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nA: b\r\n\r\n",
      "200 hello."
    ),
    ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "(100)200 hi."),
    (
      "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nContent-Length: 9\r\n\r\nHTTP/1.1 102 \r\n\r\n"
        + "HTTP/1.1 199 What\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "(103)(102)(199)404 ."
    ),
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi\r\n", "200 hi."),
  ]

  @Test(arguments: responses)
  func `a response is read, cut anywhere`(_ text: String, _ expected: String) throws {
    let bytes = Array(text.utf8)
    for cut in 0...bytes.count {
      #expect(try seen([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected)
    }
    #expect(try seen(bytes.map { [$0] }) == expected)
  }

  @Test func `any number of interim responses is passed over`() throws {
    let text = String(repeating: "HTTP/1.1 100 Continue\r\nA: b\r\n\r\n", count: 3_000)
    let seen = try seen([Array((text + "HTTP/1.1 204 No\r\n\r\n").utf8)])
    #expect(seen == String(repeating: "(100)", count: 3_000) + "204 .")
  }

  @Test func `a body without a length ends with the connection alone`() throws {
    let bytes = Array("HTTP/1.0 200 OK\r\n\r\nhel".utf8)
    #expect(try seen([bytes, Array("lo".utf8)]) == "200 hello")
    #expect(try seen([bytes, Array("lo".utf8)], ends: true) == "200 hello.")
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Len", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
  ])
  func `what is cut by the connection's end is not whole`(_ text: String) throws {
    #expect(try !seen([Array(text.utf8)], ends: true).contains("."))
  }

  @Test func `what stands behind an answer is told apart`() throws {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    #expect(try seen([Array((answer + "HTTP/1.1 408 Late\r\n\r\n").utf8)]) == "200 hi.?")
    #expect(try seen([Array(answer.utf8), Array("!".utf8)]) == "200 hi.?")
  }

  @Test func `behind an upgrade all bytes are the other protocol's`() throws {
    let text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nHTTP/1.1 "
    #expect(try seen([Array(text.utf8)], allowsUpgrade: true) == "(100)101 HTTP/1.1 ")
  }

  @Test func `an upgrade that nobody offered is an error`() {
    #expect(throws: MalformedResponse.self) { try seen([Array("HTTP/1.1 101 X\r\n\r\n".utf8)]) }
  }

  @Test(arguments: ["HTTP/1.1 200 OK\r\nA: ", "A: ", ""])
  func `a head has an end`(_ beginning: String) {
    let text = beginning + String(repeating: "x", count: ResponseDecoder.longestHead + 1)
    #expect(throws: MalformedResponse.self) { try seen([Array(text.utf8)]) }
  }
}
