import Answers
import LabClient
import LabServer
import Testing
import Wire

/// What comes in for its host and its page's origin, over raw connections.
@Suite struct OriginTests {
  private static let origin = "https://app.example"

  private static func access() throws -> Access {
    try Access(listeningOn: "127.0.0.1", token: nil, origins: [origin])
  }

  /// The head of a response, whatever follows it.
  private func head(_ lab: LabFixture, _ request: String) throws -> RawResponse {
    let connection = try RawConnection(port: lab.port)
    try connection.send(request)
    return RawResponse(head: try connection.receive(through: "\r\n\r\n"))
  }

  private func head(
    _ lab: LabFixture, _ path: String, _ transport: Transport? = nil, fields: String
  ) throws -> RawResponse {
    let handshake = transport == .webSocket ? SocketPeer.handshake : ""
    return try head(lab, "GET \(path) HTTP/1.1\r\nHost: localhost:\(lab.port)\r\n\(fields)\(handshake)\r\n")
  }

  @Test(arguments: Transport.allCases)
  func `a stream is for pages of its own and of allowed origins`(_ transport: Transport) async throws {
    try await withLab(access: Self.access()) { lab in
      let stream = try lab.start(.fast(tokens: 3))
      let path = "/streams/\(stream.stream)/\(transport.resource)"
      let success = transport == .webSocket ? 101 : 200
      for (origin, status) in [
        (Self.origin, success), ("http://localhost:\(lab.port)", success), ("http://localhost", 403),
        ("http://localhost:1", 403), ("https://evil.example", 403), ("null", 403),
        (Self.origin + ".evil", 403),
      ] {
        let answer = try head(lab, path, transport, fields: "Origin: \(origin)\r\n")
        #expect(answer.status == status)
        // The WebSocket's handshake says it with its status.
        let isShared = origin == Self.origin && transport != .webSocket
        #expect(answer["access-control-allow-origin"] == (isShared ? Self.origin : nil))
        #expect(answer["vary"] == (isShared ? "origin" : nil))
        #expect(answer["access-control-allow-credentials"] == nil)
      }
    }
  }

  @Test func `an allowed page can read refusals too`() async throws {
    try await withLab(access: Self.access()) { lab in
      let field = "Origin: \(Self.origin)\r\n"
      let answers = [
        try lab.request("GET", "/streams/x", fields: field),
        try lab.request("POST", "/streams", fields: field, body: "no JSON"),
        try lab.request("POST", "/streams", fields: field, body: String(repeating: "x", count: 65_537)),
        try lab.request("POST", "/streams", fields: field + "Transfer-Encoding: chunked\r\n"),
        try lab.request("PUT", "/streams", fields: field, body: "{}"),
        try lab.request("GET", "/streams/x/socket", fields: field + SocketPeer.handshake),
      ]
      #expect(answers.map(\.status) == [404, 400, 413, 411, 405, 404])
      for answer in answers {
        #expect(answer["access-control-allow-origin"] == Self.origin)
        #expect(answer["access-control-expose-headers"] == "location, retry-after")
        #expect(answer["x-content-type-options"] == "nosniff")
      }
    }
  }

  @Test func `an allowed page can read that its question did not come whole in time`() async throws {
    var limits = Limits()
    limits.connection.requestTime = .seconds(1)
    try await withLab(limits: limits, access: Self.access()) { lab in
      let answer = try head(
        lab,
        "POST /streams HTTP/1.1\r\nHost: localhost:\(lab.port)\r\nOrigin: \(Self.origin)\r\n"
          + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
      #expect(answer.status == 408)
      #expect(answer["access-control-allow-origin"] == Self.origin)
    }
  }

  @Test func `asking beforehand names what may be asked`() async throws {
    try await withLab(access: Self.access()) { lab in
      let asked = "Access-Control-Request-Method: DELETE\r\nAccess-Control-Request-Headers: authorization\r\n"
      let allowed = try lab.request("OPTIONS", "/streams/x", fields: "Origin: \(Self.origin)\r\n" + asked)
      #expect(allowed.status == 204)
      #expect(allowed["access-control-allow-origin"] == Self.origin)
      #expect(allowed["access-control-allow-methods"] == "GET, HEAD, POST, DELETE")
      #expect(
        allowed["access-control-allow-headers"] == "authorization, content-type, last-event-id, cache-control"
      )
      #expect(allowed["access-control-max-age"] == "600")
      let foreign = try lab.request(
        "OPTIONS", "/streams/x", fields: "Origin: https://evil.example\r\n" + asked)
      #expect(foreign.status == 403)
      #expect(foreign["access-control-allow-methods"] == nil)
    }
  }

  /// Origins with which a request tries to get something of its own into the response's head, or past the check.
  @Test(arguments: [
    "https://app.example\rset-cookie: a=b", "https://app.example\u{b}set-cookie: a=b",
    "https://app.example%0d%0aset-cookie: a=b", "https://app.example\0set-cookie: a=b",
    "https://app.example\tset-cookie: a=b", "https://app.example\r\n set-cookie: a=b",
    "https://app.example\r\nOrigin: https://evil.example\r\nset-cookie: a=b", "https://evil.example\u{ff}",
    "https://evil.example/" + String(repeating: "x", count: 5_000),
  ])
  func `no origin ends a field of the response`(_ origin: String) async throws {
    try await withLab(access: Self.access()) { lab in
      // A byte over 0x7f goes out as itself, which is not UTF-8.
      let bytes = "GET /streams/x HTTP/1.1\r\nHost: localhost\r\nOrigin: \(origin)\r\n\r\n".unicodeScalars
        .map { UInt8($0.value) }
      let connection = try RawConnection(port: lab.port)
      try connection.send(bytes)
      let answer = try connection.response()
      #expect(answer["set-cookie"] == nil)
      #expect(answer["access-control-allow-origin"] == nil)
      // What is no field at all is refused before anybody looks for an origin in it.
      #expect([400, 403].contains(answer.status))
    }
  }

  static let hosts: [(fields: String, version: String, status: Int)] = [
    ("Host: localhost\r\n", "1.1", 200), ("Host: LOCALHOST:1\r\n", "1.1", 200),
    ("Host: [::1]\r\n", "1.1", 200),
    ("Host: app.example\r\n", "1.1", 200), ("Host:localhost \t\r\n", "1.1", 200), ("", "1.0", 200),
    ("", "1.1", 400), ("Host:\r\n", "1.1", 400),
    ("Host: localhost\r\nHost: localhost\r\n", "1.1", 400),
    ("Host: localhost\r\nHost: evil.example\r\n", "1.1", 400),
    ("Host: localhost/\(String(repeating: "x", count: 5_000))\r\n", "1.1", 400),
    ("Host: evil.example\r\n", "1.1", 421), ("Host: evil.example\r\n", "1.0", 421),
    ("Host: localhost.evil.example\r\n", "1.1", 421),
  ]

  @Test(arguments: hosts.indices)
  func `a request names this server, or is not for it`(_ index: Int) async throws {
    let (fields, version, status) = Self.hosts[index]
    try await withLab(access: Self.access()) { lab in
      let answer = try head(lab, "GET /healthz HTTP/\(version)\r\n\(fields)\r\n")
      #expect(answer.status == status)
      // libwebsockets hangs up on a handshake without a host by itself.
      guard !fields.isEmpty else { return }
      let socket = try head(lab, "GET /echo HTTP/\(version)\r\n\(fields)\(SocketPeer.handshake)\r\n")
      #expect(socket.status == (status == 200 ? 101 : status))
    }
  }

  @Test func `an image or a link of another site is refused where it would do something`() async throws {
    try await withLab(access: Self.access()) { lab in
      for site in ["cross-site", "same-site"] {
        let answer = try lab.request("GET", "/chat-stream?prompt=a", fields: "Sec-Fetch-Site: \(site)\r\n")
        #expect(answer.status == 403)
      }
      #expect(try lab.request("GET", "/healthz", fields: "Sec-Fetch-Site: same-origin\r\n").status == 200)
      let metrics = try lab.request("GET", "/metrics")
      #expect(metrics.body.contains("pushlab_streams_started_total 0\n"))
    }
  }
}
