import Testing
import Wire

/// The rules of RFC 9112, sections 2.2, 4, 5, 6.3 and 9.3, for who reads a response.
@Suite struct ReceivedHeadTests {
  private func head(_ text: String) throws -> ReceivedHead {
    try ReceivedHead((text + "\r\n\r\n").utf8)
  }

  @Test func `status, words and fields are read`() throws {
    let head = try head("HTTP/1.1 503 Far too busy\r\nRetry-After: 7\r\nX: a:b")
    #expect(head.status == 503)
    #expect(head.reason == "Far too busy")
    #expect(head.field("retry-after") == "7")
    #expect(head.field("x") == "a:b")
    #expect(head.field("y") == nil)
    #expect(head.size == "HTTP/1.1 503 Far too busy\r\nRetry-After: 7\r\nX: a:b\r\n\r\n".utf8.count)
  }

  @Test(arguments: ["HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.0 200 OK"])
  func `a status line may lack its words`(_ line: String) throws {
    #expect(try head(line).status == 200)
  }

  @Test(arguments: [
    "NAME: value", "nAmE:value", "name:  \t value \t ", "name : value", "name:\r\n value", "name: value\n",
  ])
  func `a name's case, the blanks around a value and its line's end do not matter`(_ line: String) throws {
    #expect(try head("HTTP/1.1 200 OK\r\n\(line)").field("name") == "value")
  }

  @Test func `a value goes on in a line that begins with a blank`() throws {
    #expect(try head("HTTP/1.1 200 OK\r\na: one,\r\n\t two\r\nb: 3").list("a") == ["one", "two"])
  }

  @Test func `a list's members stand in one line or in several`() throws {
    let lines = "Connection: keep-alive , ,Upgrade\r\nOther: x\r\nconnection:\r\nCONNECTION: Foo"
    #expect(try head("HTTP/1.1 101 X\r\n\(lines)").list("connection") == ["keep-alive", "upgrade", "foo"])
  }

  @Test(arguments: [
    "", "HTTP/1.1", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 099 X", "HTTP/1.1 +20 X",
    "HTTP/2.0 200 OK",
    "ICY 200 OK", "http/1.1 200 OK", "HTTP/1.1  200 OK", "HTTP/1.x 200 OK", "SSH-2.0-OpenSSH_9.2",
    "HTTP/1.1 200 OK\r\nno colon", "HTTP/1.1 200 OK\r\n: value", "HTTP/1.1 200 OK\r\n folded: value",
    "HTTP/1.1 200 OK\r\na: b\rc: d", "HTTP/1.1 200 OK\r\na: b\0c",
  ])
  func `what is no head is refused`(_ text: String) {
    #expect(throws: MalformedResponse.self) { try head(text) }
  }

  @Test func `what is no status line is quoted`() {
    let error = #expect(throws: MalformedResponse.self) { try head("220 mail.example ESMTP") }
    #expect(error?.description == "no status line of HTTP/1 but '220 mail.example ESMTP'")
  }

  @Test(
    arguments: [
      ("200 OK\r\nContent-Length: 5", .length(5)),
      ("200 OK\r\nContent-Length: 5\r\ncontent-length: 5", .length(5)),
      ("200 OK\r\nContent-Length: 5, 5", .length(5)), ("200 OK\r\nContent-Length: 0", .length(0)),
      ("200 OK\r\nTransfer-Encoding: Chunked", .chunked),
      ("200 OK\r\nTransfer-Encoding:\r\nTransfer-Encoding: chunked", .chunked),
      ("200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5", .chunked),
      ("200 OK", .untilClose), ("404 Not Found\r\nConnection: close", .untilClose),
      ("204 No Content", .length(0)), ("304 Not Modified\r\nContent-Length: 5", .length(0)),
      ("103 Early Hints\r\nContent-Length: 5", .length(0)),
      ("204 X\r\nTransfer-Encoding: chunked", .length(0)),
    ] as [(String, ReceivedBody)])
  func `a body's end is known as the standard says`(_ head: String, _ expected: ReceivedBody) throws {
    #expect(try self.head("HTTP/1.1 \(head)").body == expected)
  }

  @Test(arguments: [
    "Content-Length: 5, 6", "Content-Length: 5\r\nContent-Length: 6", "Content-Length: -1", "Content-Length:",
    "Content-Length: +5",
    "Content-Length: 0x5", "Content-Length: 5.0", "Content-Length: 99999999999999999999",
    "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: identity", "Transfer-Encoding: chunked, chunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip",
  ])
  func `a body whose end cannot be told is refused`(_ line: String) {
    #expect(throws: MalformedResponse.self) { try head("HTTP/1.1 200 OK\r\n\(line)").body }
  }

  @Test(
    arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 0", true), ("HTTP/1.1 200 OK", false), ("HTTP/1.1 204 OK", true),
      ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Close", false),
      ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive, foo\r\nConnection: x,close", false),
      ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: closed", true),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", true),
      ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5", false),
      ("HTTP/1.0 200 OK\r\nContent-Length: 0", false),
      ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: Keep-Alive", true),
      ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive", false),
      ("HTTP/1.0 200 OK\r\nConnection: keep-alive", false),
    ])
  func `whether the connection is kept is said or follows`(_ text: String, _ isKept: Bool) throws {
    #expect(try head(text).keepsConnection == isKept)
  }
}
