import Testing

@testable import LWS

/// What a head says, by literal bytes.
@Suite struct RequestHeadTests {
  private func read(_ text: String) throws -> RequestHead {
    try read(Array(text.utf8))
  }

  private func read(_ bytes: [UInt8]) throws -> RequestHead {
    try bytes.withUnsafeBytes { try RequestHead($0, names: ["host", "accept", "last-event-id"]) }
  }

  /// A head of HTTP/1.1 in order but for what is given.
  private func read(_ line: String, fields: String) throws -> RequestHead {
    try read("\(line) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
  }

  @Test func `the fields that are asked for are there, and no others`() throws {
    let request = try read(
      "GET / HTTP/1.1\r\nhOsT:a\r\nAccept: \t b \t\r\nA: x\r\nAccepted: y\r\nACCEPT: c\r\n\r\n"
    ).request
    #expect(request.method == .get)
    #expect(request.version == "HTTP/1.1")
    #expect(request.fields["host"] == "a")
    #expect(request.fields["accept"] == "b, c")
    #expect(request.fields["last-event-id"] == nil)
  }

  @Test func `a field that is not UTF-8 does not pass for one left out`() throws {
    let head = try read(
      Array("GET / HTTP/1.1\r\nHost: a\r\nLast-Event-ID: ".utf8) + [0xff] + Array("\r\n\r\n".utf8))
    #expect(head.request.fields["last-event-id"] == "\u{fffd}")
  }

  @Test(arguments: [
    "Host\r\n", ": a\r\n", "Host : a\r\n", "A: a\r\n b\r\n", "A: a\r\n\tb\r\n", "A: a\u{0}b\r\n",
    "A: a\rb\r\n",
    "A: a\u{7f}\r\n", "Ho(st: a\r\n", "Hö: a\r\n", "Host: b\r\n", " A: b\r\n",
  ])
  func `a field that is none refuses the head`(_ field: String) {
    #expect(throws: RequestProblem.malformed) { try read("GET /", fields: field) }
  }

  // RFC 9112, section 3.2.
  @Test func `a request of HTTP 1.1 names one host, one of 1.0 may leave it out`() throws {
    #expect(throws: RequestProblem.malformed) { try read("GET / HTTP/1.1\r\n\r\n") }
    #expect(throws: RequestProblem.malformed) { try read("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n") }
    #expect(try read("GET / HTTP/1.0\r\n\r\n").request.version == "HTTP/1.0")
    // A later minor version is read as the one that is known (RFC 9110, section 2.5).
    #expect(try read("GET / HTTP/1.2\r\nHost: a\r\n\r\n").request.version == "HTTP/1.1")
  }

  @Test func `a whole URI's host is the one that counts`() throws {
    let request = try read("GET http://b:80/c?d=e", fields: "").request
    #expect(request.fields["host"] == "b:80")
    #expect(request.path == "/c")
    #expect(request.query.map(\.value) == ["e"])
  }

  @Test(arguments: [
    ("HTTP/1.1", "", false, false), ("HTTP/1.1", "close", true, false),
    ("HTTP/1.1", "Upgrade, CLOSE", true, false),
    ("HTTP/1.1", "closed, keep-alive", false, false), ("HTTP/1.0", "", true, false),
    ("HTTP/1.0", "Keep-Alive", false, true), ("HTTP/1.0", "keep-alive, close", true, false),
  ])
  func `a connection is kept as version and field say`(
    _ version: String, _ field: String, _ closes: Bool, _ saysKeepAlive: Bool
  ) throws {
    let persistence = try read("GET / \(version)\r\nHost: a\r\nConnection: \(field)\r\n\r\n").persistence
    #expect(persistence.closes == closes)
    #expect(persistence.saysKeepAlive == saysKeepAlive)
    #expect(persistence.takesChunks == (version == "HTTP/1.1"))
  }

  // RFC 9112, section 6.3: what one reads as a length and another does not is how requests are smuggled.
  @Test(arguments: [
    ("", BodyFraming.none), ("Content-Length: 0\r\n", .length(0)), ("Content-Length: 5\r\n", .length(5)),
    ("Content-Length: 5\r\nContent-Length: 5\r\n", .length(5)), ("Content-Length: 5, 5\r\n", .length(5)),
    ("Content-Length: 99999999999999999999999\r\n", .length(.max)),
  ])
  func `a body has its length`(_ fields: String, _ framing: BodyFraming) throws {
    #expect(try read("POST /", fields: fields).body == framing)
    #expect(try read("GET /", fields: fields).body == framing)
  }

  @Test(arguments: [
    "-5", "+5", "five", "0x5", "5 5", "5, 6", "", ",", "5,", ",5", "5,,5", "5\r\nContent-Length: 6", "5;q=1",
    "٥",
  ])
  func `a length that two readers could read otherwise refuses the request`(_ length: String) throws {
    #expect(try read("POST /", fields: "Content-Length: \(length)\r\n").problem == .malformed)
  }

  @Test func `a transfer coding is refused, beside a length or on HTTP 1.0 for what it may hide`() throws {
    let coding = "Transfer-Encoding: chunked\r\n"
    #expect(try read("POST /", fields: coding).problem == .lengthRequired)
    #expect(try read("POST /", fields: "Transfer-Encoding: gzip\r\n").problem == .lengthRequired)
    #expect(try read("POST /", fields: coding + "Content-Length: 5\r\n").problem == .malformed)
    #expect(try read("POST / HTTP/1.0\r\n\(coding)\r\n").problem == .malformed)
  }

  // RFC 9110, section 10.1.1.
  @Test func `who waits for a word before the body is known`() throws {
    let length = "Content-Length: 5\r\n"
    #expect(try read("POST /", fields: length + "Expect: 100-Continue\r\n").awaitsContinue)
    #expect(try !read("POST /", fields: length).awaitsContinue)
    #expect(try !read("POST /", fields: "Expect: 100-continue\r\n").awaitsContinue)
    #expect(try !read("POST / HTTP/1.0\r\n\(length)Expect: 100-continue\r\n\r\n").awaitsContinue)
    #expect(try read("POST /", fields: length + "Expect: a-coffee\r\n").problem == .unknownExpectation)
    // A list, whose empty members are passed over (RFC 9110, sections 10.1.1 and 5.6.1.2).
    for field in [
      "100-continue,", ", 100-CONTINUE", "100-continue, 100-continue", "100-continue\r\nExpect: 100-continue",
    ] {
      #expect(try read("POST /", fields: length + "Expect: \(field)\r\n").awaitsContinue)
    }
    #expect(try !read("POST /", fields: length + "Expect:\r\n").awaitsContinue)
    for field in ["100-continue, a-coffee", "100-continue=x"] {
      #expect(try read("POST /", fields: length + "Expect: \(field)\r\n").problem == .unknownExpectation)
    }
  }
}
