import Answers
import LabClient
import Readings
import Testing
import Wire

/// Where answers end, and connections with them (RFC 9112, sections 6.3, 7.1, 8 and 9).
@Suite struct AnswerEndTests {
  private static let lost = "the connection ended before the stream did"
  private static let pages = [Transport.shortPolling, .longPolling]

  private func read(
    _ transport: Transport, _ answers: ScriptedServer.Answer...
  ) async throws -> (reading: Reading, requests: [String]) {
    let (reading, server) = try await ScriptedServer.read(
      transport, [.say(Words.started(Words.first))] + answers)
    return (reading, server.requests)
  }

  private func page(_ fields: String, version: Int = 1, _ body: String) -> String {
    "HTTP/1.\(version) 200 OK\r\n\(fields)\r\n\(body)"
  }

  private func chunked(_ texts: String...) -> String {
    texts.map { String($0.utf8.count, radix: 16) + ";x=\"y\" \r\n" + $0 + "\r\n" }.joined()
  }

  @Test(arguments: Transport.allCases.filter { $0.exchange != .socket })
  func `a server that ends its sending behind a whole answer has answered`(_ transport: Transport)
    async throws
  {
    guard case .say(let answer) = ScriptedServer.whole(transport) else { return }
    for ending in [ScriptedServer.Answer.sayAndEndSending(answer), .sayAndClose(answer)] {
      let (reading, _) = try await read(transport, ending)
      #expect(reading.failure == nil)
      #expect(reading.end == .complete)
      #expect(reading.arrivals.map(\.index) == [0, 1, 2, 3])
    }
  }

  @Test func `what an event stream brought whole counts, and its cut is told`() async throws {
    let whole = Words.eventStream(Words.event(0), Words.event(1))
    for cut in ["", "5\r\nid: ", "400\r\n" + Words.event(2).dropLast(), "0\r\n", "0\r\n\r\n"] {
      let (reading, _) = try await read(.serverSentEvents, .sayAndEndSending(whole + cut))
      #expect(reading.failure == Self.lost)
      #expect(reading.arrivals.map(\.index) == [0, 1])
    }
  }

  @Test(arguments: pages)
  func `of a page that is cut nothing counts`(_ transport: Transport) async throws {
    let body = Words.pageBody(0..<4, done: true)
    for cut in [
      String(Words.page(0..<4, done: true).dropLast()),
      page("Transfer-Encoding: chunked\r\n", chunked(body)),
      page("Transfer-Encoding: chunked\r\n", chunked(body) + "0\r\n"),
      page("Transfer-Encoding: chunked\r\n", chunked(body) + "0\r\nA: b\r\n"),
      page("Transfer-Encoding: chunked\r\n", String(chunked(body).dropLast(9))),
      page("", String(body.dropLast())).replacing("\r\n\r\n", with: "\r\nContent-Length: 999\r\n\r\n"),
    ] {
      let (reading, _) = try await read(transport, .sayAndEndSending(cut))
      #expect(reading.failure == Self.lost)
      #expect(reading.arrivals == [])
    }
  }

  @Test(arguments: pages)
  func `chunks with extensions and a trailer leave the connection as it was`(_ transport: Transport)
    async throws
  {
    let body = Words.pageBody(0..<2)
    let (reading, _) = try await read(
      transport,
      .say(
        page(
          "transfer-encoding:\t Chunked\r\n",
          chunked(String(body.prefix(5)), String(body.dropFirst(5))) + "0;e\r\nA: b\r\nC: d\r\n\r\n")),
      .say(Words.page(2..<4, done: true)))
    #expect(reading.failure == nil)
    #expect(reading.arrivals.map(\.index) == [0, 1, 2, 3])
    #expect(reading.connections == 1)
  }

  @Test(arguments: pages)
  func `a page without a length ends with the connection, and the next has another`(
    _ transport: Transport
  ) async throws {
    for (version, fields) in [
      (0, ""), (1, "Connection: close\r\n"), (1, ""), (0, "Connection: keep-alive\r\n"),
    ] {
      let (reading, requests) = try await read(
        transport, .sayAndClose(page(fields, version: version, Words.pageBody(0..<2))),
        .sayAndEndSending(page(fields, version: version, Words.pageBody(2..<4, done: true))))
      #expect(reading.failure == nil)
      #expect(reading.end == .complete)
      #expect(reading.arrivals.map(\.index) == [0, 1, 2, 3])
      #expect(reading.connections == 2)
      #expect(reading.outages == [])
      #expect(requests.count == 3)
      #expect(reading.down.framing > 0)
    }
  }

  @Test(arguments: Transport.allCases)
  func `behind an answer that is the last one the next request has another connection`(
    _ transport: Transport
  ) async throws {
    for field in ["Connection: keep-alive, Close\r\n", "connection: foo\r\nConnection:close\r\n"] {
      let started = Words.started(Words.first).replacing("content-length", with: "\(field)content-length")
      // Whether the server ends the connection is not waited for.
      for first in [ScriptedServer.Answer.say(started), .sayAndClose(started)] {
        let (reading, server) = try await ScriptedServer.read(
          transport, [first, ScriptedServer.whole(transport)])
        #expect(reading.failure == nil)
        #expect(reading.end == .complete)
        #expect(reading.connections == 2)
        #expect(server.requests.count == 2)
      }
    }
  }

  @Test func `an event stream may end with the connection`() async throws {
    for head in ["HTTP/1.0 200 OK\r\n", "HTTP/1.1 200 OK\r\nConnection: close\r\n"] {
      let events = head + "Content-Type: text/event-stream\r\n\r\n" + (0..<4).map(Words.event).joined()
      let (whole, _) = try await read(.serverSentEvents, .sayAndClose(events + Words.done))
      #expect(whole.end == .complete)
      let (cut, _) = try await read(.serverSentEvents, .sayAndClose(events))
      #expect(cut.failure == Self.lost)
      #expect(cut.arrivals.count == 4)
    }
  }

  @Test(arguments: pages)
  func `a connection that breaks ends no page`(_ transport: Transport) async throws {
    let (reading, _) = try await read(
      transport, .sayAndReset(page("", version: 0, Words.pageBody(0..<4, done: true))))
    #expect(reading.failure == Self.lost)
    #expect(reading.arrivals == [])
  }

  // RFC 9112, section 9.2: they are no answer, and the connection is given up.
  @Test(arguments: pages)
  func `bytes that no request asked for are not taken for an answer`(_ transport: Transport) async throws {
    let (reading, _) = try await read(
      transport, .say(Words.page(0..<2) + Words.page(3..<4, done: true)), .say(Words.page(2..<4, done: true)))
    #expect(reading.failure == nil)
    #expect(reading.arrivals.map(\.index) == [0, 1, 2, 3])
    #expect(reading.connections == 2)
  }

  @Test(arguments: [
    ("Content-Length: 5, 6", "Content-Length that is none: 5, 6"),
    ("Transfer-Encoding: gzip, chunked", "transfer coding that was not asked for: gzip, chunked"),
    ("Content-Length: 5\r\nContent-Encoding: br", "content coding that was not asked for: br"),
  ])
  func `an answer that cannot be read is an error in words`(_ fields: String, _ words: String) async throws {
    for transport in Transport.allCases where transport.exchange != .socket {
      let (reading, _) = try await read(
        transport, .say(page("Content-Type: text/event-stream\r\n\(fields)\r\n", "hello")))
      #expect(reading.failure?.contains(words) == true)
    }
    let (asking, _) = try await ScriptedServer.read(
      .longPolling, [.say("HTTP/1.1 201 Created\r\n\(fields)\r\n\r\nhello")])
    #expect(asking.failure?.contains(words) == true)
  }

  @Test func `what is no stream ends by the same rules`() async throws {
    let server = try await ScriptedServer([
      .sayAndClose("HTTP/1.0 200 OK\r\n\r\nall"), .sayAndEndSending(page("Content-Length: 4\r\n", "cut")),
      .sayAndEndSending(page("Transfer-Encoding: chunked\r\n", "3\r\ncut\r\n")),
      .sayAndReset("HTTP/1.0 200 OK\r\n\r\ncut"), .say("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
      .say("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
    ])
    let reader = Reader()
    #expect(try await reader.get("/", from: server.address) == "all")
    for words in [Self.lost, Self.lost, Self.lost, "no status line of HTTP/1", "answered 404: No"] {
      let error = await #expect(throws: ReadError.self) { try await reader.get("/", from: server.address) }
      #expect(error?.description.contains(words) == true)
    }
    await reader.shutDown()
    try await server.stop()
  }

  @Test func `a long poll that nobody holds is asked again after a pause`() async throws {
    let clock = ContinuousClock()
    let begun = clock.now
    let (reading, _) = try await read(
      .longPolling, .say(Words.page(0..<0)), .say(Words.page(0..<0)), .say(Words.page(0..<4, done: true)))
    #expect(reading.failure == nil)
    #expect(clock.now - begun >= .milliseconds(500))
  }

  @Test(arguments: pages)
  func `a page that asks for its own tokens again is refused`(_ transport: Transport) async throws {
    let page = #"{"tokens":[{"index":5,"token":"x"}],"next":0,"done":false}"#
    let (reading, _) = try await read(transport, .say(Words.response(200, page)))
    #expect(
      reading.failure
        == "the server sent what the transport does not allow: a poll page whose next token is one that it holds"
    )
  }
}
