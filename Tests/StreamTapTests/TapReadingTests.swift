import MonotonicTime
import Testing

@testable import StreamTap

/// A response's bytes, read in pieces of any size.
@Suite struct TapReadingTests {
  private func read(_ response: String, pieces: Int = .max, isWebSocket: Bool = false) throws -> TapReport {
    let reading = TapReading(asked: Instant(nanoseconds: 0), isWebSocket: isWebSocket)
    var rest = Array(response.utf8)[...]
    var instant = Instant(nanoseconds: 0)
    while !rest.isEmpty {
      instant = instant.advanced(by: .milliseconds(1))
      _ = try reading.take(Array(rest.prefix(pieces)), at: instant)
      rest = rest.dropFirst(pieces)
    }
    _ = reading.endOfConnection(at: instant)
    return TapReport(reading)
  }

  private func response(_ type: String?, _ body: String, status: Int = 200) -> String {
    let field = type.map { "Content-Type: \($0)\r\n" } ?? ""
    return "HTTP/1.1 \(status) X\r\n\(field)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  @Test(arguments: [Int.max, 7, 1])
  func `events with their types and ids`(_ pieces: Int) throws {
    let body = "event: a\nid: 1\ndata: x\ndata: y\n\ndata: z\n\n"
    let report = try read(response("text/event-stream; charset=utf-8", body), pieces: pieces)
    #expect(report.format == .eventStream && report.faults == [])
    #expect(report.pieces.map(\.name) == ["a", "message"] && report.pieces.map(\.text) == ["x\ny", "z"])
    #expect(report.pieces.map(\.identifier) == ["1", "1"])
  }

  @Test func `what the head says wrong`() throws {
    let body = "data: x\n\n"
    #expect(try read(response("text/event-stream;charset=latin1", body)).faults == [.charset("latin1")])
    #expect(try read(response("text/event-stream", body, status: 201)).faults == [.status(201)])
    #expect(try read(response("text/plain", body)).faults == [.contentType("text/plain")])
    #expect(try read(response(nil, body)).faults == [.contentType(nil)])
  }

  @Test func `lines, the last of which lacks its end`() throws {
    let report = try read(response("application/x-ndjson", "{}\n\n[1]\ntrue"), pieces: 2)
    #expect(report.format == .lines && report.pieces.map(\.text) == ["{}", "[1]", "true"])
  }

  @Test func `what is no stream is one piece`() throws {
    let report = try read(response("application/json", "{\"a\":1}"))
    #expect(report.format == .whole && report.pieces.count == 1 && !report.streams)
  }

  @Test func `what is encoded is not read`() throws {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n"
    let report = try read(head + "\u{1F}x: not data\n\n")
    #expect(report.pieces == [] && report.faults == [] && report.verdict.contains("encoded as gzip"))
  }

  @Test func `a refusal is told`() throws {
    let report = try read(response("application/json", "{}", status: 503))
    #expect(report.verdict.contains("503") && !report.isAnswered)
  }

  @Test func `what is no HTTP is refused`() {
    #expect(throws: TapError.self) { try read("SSH-2.0-OpenSSH_9.2\r\n\r\n") }
  }

  @Test func `who stands between is named`() throws {
    let head = "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Type: text/event-stream\r\n\r\n"
    #expect(try read(head).intermediary?.name == "nginx")
    #expect(
      try read(head.replacing("Server: nginx/1.22.1", with: "Via: 1.1 varnish (Varnish/7.1)")).intermediary?
        .name == "Varnish")
    #expect(try read(head.replacing("Server: nginx/1.22.1", with: "Server: uvicorn")).intermediary == nil)
  }
}

/// URLs and fields as they are typed.
@Suite struct TapRequestTests {
  @Test func `a URL's parts`() throws {
    let target = try TapTarget("https://example.com/a%20b?c=d&e")
    #expect(target.host == "example.com" && target.port == 443 && target.isEncrypted && !target.isWebSocket)
    #expect(target.path == "/a%20b?c=d&e" && target.hostField == "example.com")
    let socket = try TapTarget("ws://[::1]:81")
    #expect(socket.path == "/" && socket.hostField == "[::1]:81" && socket.isWebSocket)
  }

  @Test(arguments: [
    ("http://a/100%?b=50%&c=%41", "/100%25?b=50%25&c=%41"),
    ("http://a/x[0]?y[]=é z", "/x%5B0%5D?y%5B%5D=%C3%A9%20z"),
  ])
  func `a URL as it is typed`(_ url: String, _ path: String) throws {
    #expect(try TapTarget(url).path == path)
  }

  @Test(arguments: ["", "x", "ftp://a/", "http://", "http://a:99999/", "/path"])
  func `what is no URL of a stream`(_ url: String) {
    #expect(throws: TapError.url(url)) { try TapTarget(url) }
  }

  @Test func `a field given stands in place of the tap's own`() throws {
    var request = TapRequest(try TapTarget("http://a/"))
    try request.add(header: "accept: text/plain")
    try request.add(header: "X-Empty:")
    #expect(
      request.head()
        == "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: identity\r\naccept: text/plain\r\nX-Empty: \r\n\r\n"
    )
  }

  @Test(arguments: ["", "a", ": b", "a b: c", "a: b\r\nc: d", "é: b"])
  func `what is no field is refused`(_ text: String) throws {
    var request = TapRequest(try TapTarget("http://a/"))
    #expect(throws: TapError.header(text)) { try request.add(header: text) }
  }
}
