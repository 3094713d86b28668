import LWS
import Testing

@testable import LabServer

/// Who comes in and who does not, request by request.
@Suite struct AccessTests {
  private static let token = "correct-horse-battery"
  private let stream = "/streams/0123456789abcdef"

  private func request(
    _ path: String, method: Request.Method = .get, query: [(name: String, value: String)] = [],
    version: String = "HTTP/1.1", host: String? = "127.0.0.1:8080", _ fields: [String: String] = [:]
  ) -> Request {
    var fields = fields
    fields["host"] = host
    return Request(method: method, path: path, query: query, fields: HeaderFields(fields), version: version)
  }

  private func status(_ access: Access, _ request: Request) -> Int {
    access.refusal(of: request, to: Route(request.path))?.head.status ?? 200
  }

  private static func tokenAccess(on address: String = "127.0.0.1") throws -> Access {
    try Access(listeningOn: address, token: token, origins: ["https://app.example"])
  }

  @Test(arguments: [
    "localhost", "localhost:8080", "LOCALHOST", "lab.localhost", "127.0.0.1", "127.255.0.9:1", "[::1]",
    "[::1]:8080", "[0:0:0:0:0:0:0:1]", "localhost:",
  ])
  func `the loopback interface goes by its own names`(_ host: String) {
    #expect(status(Access(), request("/", host: host)) == 200)
    #expect(status(Access(), request("/streams", host: host)) == 200)
  }

  @Test(arguments: [
    "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example",
    "127.evil.example",
    "127.0.0.256", "127.0.0", "127.0.0.0.1", "10.0.0.1", "xlocalhost", "0.0.0.0", "[::]", "[::2]",
  ])
  func `a name pointed at this machine is misdirected, on every path`(_ host: String) {
    for path in ["/", "/healthz", "/streams", stream, "/streams/nothing"] {
      #expect(status(Access(), request(path, host: host)) == 421)
    }
  }

  @Test(arguments: [
    "", " ", "a b", "a,b", "localhost,localhost", "local\r\nhost", "user@localhost", "localhost:x",
    "localhost:65536", "localhost:+80", "[::1", "[]", "::1", "[:::::1]", "[1.2.3]", "[v1.a]", "[::1]x",
    "http://localhost", "localhost/",
    "lokälhost",
  ])
  func `a host field that names no one host is a bad request`(_ host: String) throws {
    #expect(status(Access(), request("/", host: host)) == 400)
    let open = try Self.tokenAccess(on: "0.0.0.0")
    #expect(status(open, request("/", host: host)) == 400)
  }

  @Test func `only HTTP 1.0 may leave the host out`() {
    #expect(status(Access(), request("/", host: nil)) == 400)
    #expect(status(Access(), request("/", version: "HTTP/1.0", host: nil)) == 200)
    #expect(status(Access(), request("/", version: "HTTP/2.0", host: nil)) == 400)
    #expect(status(Access(), request("/", version: "", host: nil)) == 400)
    #expect(status(Access(), request("/", version: "HTTP/1.0", host: "evil.example")) == 421)
  }

  @Test func `names can be added, and an allowed origin's is`() throws {
    let access = try Access(
      listeningOn: "::1", token: nil, origins: ["https://app.example:444"],
      hosts: ["Lab.Example", "[fd00::1]"])
    for host in ["lab.example", "lab.example:80", "LAB.example", "app.example", "[fd00::1]:1"] {
      #expect(status(access, request("/streams", host: host)) == 200)
    }
    #expect(status(access, request("/streams", host: "evil.example")) == 421)
  }

  @Test func `on other addresses any name will do, and the token counts`() throws {
    for address in [
      "0.0.0.0", "::", "0:0::0", "192.0.2.1", "fd00::1", "::ffff:127.0.0.1", "0", "10.1", "0x0", "1",
    ] {
      #expect(throws: AccessMistake.tokenMissing(address: address)) {
        try Access(listeningOn: address, token: nil)
      }
      let access = try Self.tokenAccess(on: address)
      #expect(status(access, request("/healthz", host: "any.example")) == 200)
      #expect(status(access, request("/metrics", host: "any.example")) == 401)
    }
    for address in ["127.0.0.1", "127.8.8.8", "127.1", "2130706433", "::1", "0::1"] {
      let access = try Access(listeningOn: address, token: nil)
      #expect(status(access, request("/metrics")) == 200)
    }
  }

  @Test func `what is there without the token`() throws {
    let access = try Self.tokenAccess()
    for path in ["/", "/main.js", "/healthz", "/no-such-file", "/transports", "/transports/"] {
      #expect(status(access, request(path)) == 200)
    }
    for path in [
      "/streams", stream, stream + "/poll", stream + "/long-poll", stream + "/events", stream + "/socket",
      "/streams/", "/streams/x", stream + "/x/y", "/chat-stream", "/chat-socket", "/echo", "/metrics",
    ] {
      for method: Request.Method in [.get, .head, .post, .delete, .options, .put] {
        let refusal = try #require(access.refusal(of: request(path, method: method), to: Route(path)))
        #expect(refusal.head.status == 401)
        #expect(refusal.head["www-authenticate"] == #"Bearer realm="pushlab""#)
        #expect(!String(decoding: refusal.body, as: UTF8.self).contains(Self.token))
      }
    }
  }

  @Test(arguments: [
    "Bearer correct-horse-battery", "bearer correct-horse-battery", "BEARER   correct-horse-battery",
  ])
  func `the token is taken from the field`(_ value: String) throws {
    #expect(status(try Self.tokenAccess(), request("/metrics", ["authorization": value])) == 200)
  }

  @Test(arguments: [
    "", "Bearer", "Bearer ", "Bearer correct-horse-batterx", "Bearer Correct-horse-battery",
    "Bearer correct-horse-batter", "Bearer correct-horse-battery1", "Basic correct-horse-battery",
    "correct-horse-battery", "Bearer correct-horse-battery correct-horse-battery",
    "Bearer correct-horse-battery,Bearer correct-horse-battery", "Bearercorrect-horse-battery",
  ])
  func `any other credentials are refused`(_ value: String) throws {
    #expect(status(try Self.tokenAccess(), request("/metrics", ["authorization": value])) == 401)
  }

  @Test func `the token is taken from the query`() throws {
    let access = try Self.tokenAccess()
    #expect(status(access, request("/metrics", query: [("from", "1"), ("token", Self.token)])) == 200)
    // A proxy may have used the field for itself.
    let basic = ["authorization": "Basic eDp5"]
    #expect(status(access, request("/metrics", query: [("token", Self.token)], basic)) == 200)
    for (name, value) in [
      ("token", ""), ("token", Self.token + " "), ("Token", Self.token), ("", Self.token),
    ] {
      #expect(status(access, request("/metrics", query: [(name, value)])) == 401)
    }
  }

  @Test(arguments: [
    "short-of-sixteen", "0123456789abcdef", String(repeating: "~", count: 5_000),
    "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}",
  ])
  func `a token of sixteen printable characters is one`(_ token: String) throws {
    let access = try Access(listeningOn: "0.0.0.0", token: token)
    #expect(status(access, request("/metrics", ["authorization": "Bearer \(token)"])) == 200)
  }

  @Test(arguments: [
    "", "0123456789abcde", "0123456789 abcdef", " 0123456789abcdef", "0123456789abcdef\n", "0123456789abcdé",
    "0123456789abcdef\u{7f}", "0123456789abcdef\0",
  ])
  func `any other token is a mistake, and not repeated`(_ token: String) {
    let mistake = #expect(throws: AccessMistake.token) { try Access(listeningOn: "127.0.0.1", token: token) }
    #expect(token.isEmpty || mistake.map { !"\($0)".contains(token) } ?? false)
  }

  @Test func `a token does not go into a text`() throws {
    let access = try Self.tokenAccess()
    var dumped = ""
    dump(access, to: &dumped)
    #expect(!"\(access)".contains(Self.token))
    let bytes = Self.token.utf8.map(String.init).joined(separator: ", ")
    #expect(!"\(access)".contains(bytes))
  }
}
