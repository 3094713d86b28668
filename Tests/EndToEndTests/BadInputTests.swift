import Answers
import LabServer
import Testing
import Wire

/// What the server answers to what it cannot take.
@Suite struct BadInputTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    var name: String
    var method = "GET"
    var path: String
    var body: String?
    var status: Int
    /// What the answer must speak of.
    var word = "error"

    var testDescription: String { name }
  }

  static let mistakes: [Mistake] = [
    Mistake(name: "unknown path", path: "/nowhere", status: 404),
    Mistake(name: "unknown path below streams", path: "/streams/x/y/z", status: 404),
    Mistake(
      name: "unknown resource", path: "/streams/0123456789abcdef/carrier-pigeon", status: 404, word: "events"),
    Mistake(name: "unknown stream", path: "/streams/0123456789abcdef", status: 404),
    Mistake(
      name: "unknown stream to stop", method: "DELETE", path: "/streams/0123456789abcdef", status: 404),
    Mistake(name: "wrong method", method: "PUT", path: "/streams", body: "{}", status: 405),
    Mistake(name: "asking with GET", path: "/streams", status: 405),
    Mistake(name: "posting to health", method: "POST", path: "/healthz", body: "{}", status: 405),
    Mistake(name: "no JSON", method: "POST", path: "/streams", body: "prompt=hi", status: 400, word: "JSON"),
    Mistake(name: "no object", method: "POST", path: "/streams", body: "[1]", status: 400, word: "JSON"),
    Mistake(name: "empty body", method: "POST", path: "/streams", body: "", status: 400, word: "JSON"),
    Mistake(name: "no prompt", method: "POST", path: "/streams", body: "{}", status: 400, word: "'prompt'"),
    Mistake(
      name: "empty prompt", method: "POST", path: "/streams", body: #"{"prompt":""}"#, status: 400,
      word: "'prompt'"),
    Mistake(
      name: "rate of zero", method: "POST", path: "/streams", body: #"{"prompt":"a","rate":0}"#, status: 400,
      word: "'rate'"),
    Mistake(
      name: "tokens as text", method: "POST", path: "/streams", body: #"{"prompt":"a","tokens":"9"}"#,
      status: 400, word: "'tokens'"),
    Mistake(
      name: "too many tokens", method: "POST", path: "/streams", body: #"{"prompt":"a","tokens":100001}"#,
      status: 400, word: "'tokens'"),
    Mistake(
      name: "negative jitter", method: "POST", path: "/streams", body: #"{"prompt":"a","jitter":-1}"#,
      status: 400, word: "'jitter'"),
    Mistake(
      name: "fractional seed", method: "POST", path: "/streams", body: #"{"prompt":"a","seed":0.5}"#,
      status: 400, word: "'seed'"),
    Mistake(
      name: "unknown field", method: "POST", path: "/streams", body: #"{"prompt":"a","tokenz":1}"#,
      status: 400,
      word: "'tokenz'"),
    Mistake(
      name: "body over the limit", method: "POST", path: "/streams",
      body: String(repeating: "x", count: 65_537), status: 413),
    Mistake(name: "chat without a prompt", path: "/chat-stream", status: 400, word: "'prompt'"),
    Mistake(
      name: "chat with a wrong rate", path: "/chat-stream?prompt=a&rate=fast", status: 400, word: "'rate'"),
    Mistake(name: "WebSocket path over plain HTTP", path: "/echo", status: 426),
  ]

  @Test(arguments: mistakes)
  func `a mistake is answered in words`(_ mistake: Mistake) async throws {
    try await withLab { lab in
      let answer = try lab.request(mistake.method, mistake.path, body: mistake.body)
      #expect(answer.status == mistake.status)
      #expect(answer["content-type"] == "application/json")
      #expect(answer["cache-control"] == "no-store")
      #expect(answer.body.hasPrefix(#"{"error":""#))
      #expect(answer.body.contains(mistake.word))
      #expect((answer["allow"] != nil) == (mistake.status == 405))
      #expect(try lab.request("GET", "/healthz").status == 200)
    }
  }

  @Test func `a body at the limit is read`() async throws {
    try await withLab { lab in
      let body = #"{"prompt":"a"}"# + String(repeating: " ", count: 65_536 - 14)
      let answer = try lab.request("POST", "/streams", body: body)
      #expect(answer.status == 201)
    }
  }

  @Test func `a body in a transfer coding is refused, and no length is no body`() async throws {
    try await withLab { lab in
      let chunked = try lab.request("POST", "/streams", fields: "Transfer-Encoding: chunked\r\n")
      #expect(chunked.status == 411)
      let empty = try lab.request("POST", "/streams")
      #expect(empty.status == 400)
      #expect(empty.body.contains("JSON"))
    }
  }

  @Test func `a body that is too large is not read, and the answer arrives all the same`() async throws {
    try await withLab { lab in
      let connection = try RawConnection(port: lab.port)
      let body = String(repeating: "x", count: 8_000_000)
      let answer = try connection.request("POST", "/streams", body: body)
      #expect(answer.status == 413)
      #expect(answer["connection"] == "close")
      #expect(try connection.receiveToEnd() == "")
    }
  }

  @Test func `too many streams are refused with a time to come back`() async throws {
    var limits = Limits()
    limits.streams = 2
    try await withLab(limits: limits) { lab in
      _ = try lab.start(.silent)
      _ = try lab.start(.silent)
      let answer = try lab.request("POST", "/streams", body: #"{"prompt":"a"}"#)
      #expect(answer.status == 503)
      #expect(answer["retry-after"].flatMap(Int.init) != nil)
    }
  }

  @Test func `a from past the end of a finished stream is an empty page`() async throws {
    try await withLab { lab in
      let stream = try lab.start(.fast(tokens: 5))
      var answer = try lab.request("GET", "/streams/\(stream.stream)/long-poll?from=5&wait=20")
      answer = try lab.request("GET", "/streams/\(stream.stream)/poll?from=99")
      #expect(answer.body == #"{"tokens":[],"next":5,"done":true,"reason":"complete"}"#)
    }
  }

  static let noise: [String] = [
    "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET nowhere HTTP/1.1\r\n\r\n",
    "\u{0}\u{1}\u{2}\u{3}",
    "GET / HTTP/1.1\r\nHost\r\n\r\n", "BREW /pot HTTP/1.1\r\n\r\n", "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "POST /streams HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
    "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nX: \(String(repeating: "b", count: 100_000))\r\n\r\n",
    "GET /streams/0123456789abcdef/socket HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
    "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    "CONNECT localhost:1 HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  ]

  @Test(arguments: noise.indices)
  func `noise does not end the server`(_ index: Int) async throws {
    try await withLab { lab in
      let connection = try RawConnection(port: lab.port)
      // It may be cut off in the midst of talking.
      try? connection.send(Self.noise[index])
      connection.endSending()
      _ = try connection.receiveToEnd()
      #expect(try lab.request("GET", "/healthz").body == #"{"status":"ok"}"#)
    }
  }
}
