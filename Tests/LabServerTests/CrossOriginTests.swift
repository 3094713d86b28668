import LWS
import MonotonicTime
import Testing

@testable import LabServer

/// What pages of other origins may ask and read.
@Suite struct CrossOriginTests {
  private static let token = "correct-horse-battery"
  private let access: Access

  init() throws {
    access = try Access(
      listeningOn: "127.0.0.1", token: nil, origins: ["https://app.example", "http://localhost:3000"])
  }

  private func request(
    _ path: String = "/streams", _ method: Request.Method = .get, _ fields: [String: String]
  ) -> Request {
    let own = ["host": "127.0.0.1:8080"]
    return Request(
      method: method, path: path, fields: HeaderFields(fields.merging(own) { given, _ in given }))
  }

  private func status(_ request: Request, _ access: Access? = nil) -> Int {
    (access ?? self.access).refusal(of: request, to: Route(request.path))?.head.status ?? 200
  }

  /// The head of what a request that may come in is answered with.
  private func head(_ request: Request, _ access: Access? = nil, answering turn: Step? = nil) -> ResponseHead?
  {
    var responder = (access ?? self.access).responder(for: request, to: Route(request.path)) {
      OneTurn(answer: turn ?? .respond(Response(head: ResponseHead(status: 200), body: [])))
    }
    switch responder.turn(at: .now) {
    case .respond(let response): return response.head
    case .start(let head): return head
    default: return nil
    }
  }

  private struct OneTurn: Responder {
    let answer: Step
    mutating func turn(at now: Instant) -> Step { answer }
  }

  @Test(arguments: [
    "https://evil.example", "http://app.example", "https://app.example:444",
    "https://app.example.evil.example",
    "http://127.0.0.1", "http://127.0.0.1:8081", "http://localhost:8080", "null", "", "https://app.example/",
    "https://app.example\r\nx: y", "*", "https://app.example,https://evil.example",
  ])
  func `a page of any other origin is refused everything but files`(_ origin: String) {
    for path in [
      "/streams", "/streams/x", "/streams/0123456789abcdef/poll", "/streams/0123456789abcdef/long-poll",
      "/streams/0123456789abcdef/events", "/streams/0123456789abcdef/socket", "/chat-stream", "/chat-socket",
      "/echo", "/metrics", "/healthz",
    ] {
      for method: Request.Method in [.get, .head, .post, .delete, .options, .put] {
        let asked = request(
          path, method, ["origin": origin, "access-control-request-method": "POST"])
        #expect(status(asked) == 403)
        #expect(head(asked)?["access-control-allow-origin"] == nil)
      }
    }
    #expect(status(request("/main.js", ["origin": origin])) == 200)
    #expect(head(request("/main.js", ["origin": origin]))?["access-control-allow-origin"] == nil)
  }

  @Test func `a server's own page needs no leave`() {
    for origin in ["http://127.0.0.1:8080", "https://127.0.0.1:8080"] {
      #expect(status(request(["origin": origin])) == 200)
      #expect(head(request(["origin": origin]))?["access-control-allow-origin"] == nil)
    }
    #expect(status(request([:])) == 200)
  }

  @Test(arguments: ["https://app.example", "http://localhost:3000"])
  func `an allowed page reads every kind of answer`(_ origin: String) throws {
    let asked = request("/streams/0123456789abcdef/events", ["origin": origin])
    for answer: Step in [
      .start(ServerSentEvents.head), .respond(Response(head: ResponseHead(status: 404), body: [])),
    ] {
      let head = try #require(self.head(asked, answering: answer))
      #expect(head["access-control-allow-origin"] == origin)
      #expect(head["access-control-expose-headers"] == "location, retry-after")
      #expect(head["vary"] == "origin")
      #expect(head["access-control-allow-credentials"] == nil)
    }
  }

  @Test func `a refusal can be read by an allowed page too`() throws {
    let access = try Access(
      listeningOn: "127.0.0.1", token: Self.token, origins: ["https://app.example"])
    let head = try #require(self.head(request(["origin": "https://app.example"]), access))
    #expect(head.status == 401)
    #expect(head["access-control-allow-origin"] == "https://app.example")
    #expect(head["vary"] == "origin")
  }

  @Test func `asking beforehand is answered without the token, alike on every path`() throws {
    let access = try Access(
      listeningOn: "127.0.0.1", token: Self.token, origins: ["https://app.example"])
    let fields = ["origin": "https://app.example", "access-control-request-method": "POST"]
    let expected = ResponseHead(
      status: 204,
      fields: [
        ("access-control-allow-methods", "GET, HEAD, POST, DELETE"),
        ("access-control-allow-headers", "authorization, content-type, last-event-id, cache-control"),
        ("access-control-max-age", "600"), ("access-control-allow-origin", "https://app.example"),
        ("access-control-expose-headers", "location, retry-after"), ("vary", "origin"),
      ])
    for path in ["/streams", "/streams/0123456789abcdef", "/streams/nothing", "/metrics"] {
      #expect(head(request(path, .options, fields), access) == expected)
    }
    // The answer to OPTIONS itself is not for everybody.
    #expect(status(request("/streams", .options, ["origin": "https://app.example"]), access) == 401)
    #expect(status(request("/streams", .get, fields), access) == 401)
  }

  @Test func `a page's images and links are refused where the browser says whose they are`() {
    for (site, expected) in [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)] {
      #expect(status(request("/chat-stream", ["sec-fetch-site": site])) == expected)
      #expect(status(request("/", ["sec-fetch-site": site])) == 200)
    }
    let allowed = ["sec-fetch-site": "cross-site", "origin": "https://app.example"]
    #expect(status(request("/chat-stream", allowed)) == 200)
  }

  private func request(_ fields: [String: String]) -> Request { request("/streams", .get, fields) }
  private func request(_ path: String, _ fields: [String: String]) -> Request { request(path, .get, fields) }
}
