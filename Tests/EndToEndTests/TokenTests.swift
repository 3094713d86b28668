import Answers
import Foundation
import LabClient
import LabServer
import Testing
import Wire

/// The token on the wire: every transport, both ways to show it.
@Suite struct TokenTests {
  private static let token = "correct-horse+battery/1="
  /// As a query must spell it.
  private static let encoded = "correct-horse%2Bbattery%2F1%3D"

  private static func access() throws -> Access {
    try Access(listeningOn: "127.0.0.1", token: token)
  }

  private static func field(_ token: String) -> String { "Authorization: Bearer \(token)\r\n" }

  /// A stream's tokens as a peer that is none of our readers gets them.
  private func tokens(
    of stream: StreamStarted, over transport: Transport, _ lab: LabFixture, query: String, fields: String
  ) throws -> [Int] {
    let path = "/streams/\(stream.stream)/\(transport.resource)?from=0\(query)"
    switch transport.exchange {
    case .pages, .heldPages:
      let answer = try lab.request("GET", path, fields: fields)
      #expect(answer.status == 200)
      return try PollPage(json: Array(answer.body.utf8)).tokens.map(\.index)
    case .stream:
      let connection = try RawConnection(port: lab.port)
      try connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n")
      let text = try connection.receive(through: #""reason":"#)
      return text.matches(of: /"index":(\d+)/).compactMap { Int($0.1) }
    case .socket:
      let peer = try SocketPeer(port: lab.port, path: path, fields: fields)
      var indices: [Int] = []
      while case .token(let payload) = try peer.message() { indices.append(payload.index) }
      return indices
    }
  }

  @Test(arguments: Transport.allCases)
  func `a stream is read with the token, in the field or in the query`(_ transport: Transport) async throws {
    try await withLab(access: Self.access()) { lab in
      let stream = try lab.start(.fast(tokens: 5), fields: Self.field(Self.token))
      // Held until there is an end, so that short polling too finds all of it.
      _ = try RawConnection(port: lab.port).request(
        "GET", "/streams/\(stream.stream)/long-poll?from=5&token=\(Self.encoded)")
      let shown = try tokens(of: stream, over: transport, lab, query: "", fields: Self.field(Self.token))
      #expect(shown == [0, 1, 2, 3, 4])
      let asked = try tokens(of: stream, over: transport, lab, query: "&token=\(Self.encoded)", fields: "")
      #expect(asked == [0, 1, 2, 3, 4])
    }
  }

  /// The same length, shorter, longer, empty.
  private static let wrong = ["correct-horse+battery/1-", "correct-horse", token + "x", ""]

  @Test(arguments: Transport.allCases)
  func `nothing is read or learnt without it`(_ transport: Transport) async throws {
    try await withLab(access: Self.access()) { lab in
      let stream = try lab.start(.silent, fields: Self.field(Self.token))
      for path in ["/streams/\(stream.stream)/\(transport.resource)", "/streams/0/\(transport.resource)"] {
        let handshake = transport == .webSocket ? SocketPeer.handshake : ""
        var answers = [try lab.request("GET", path, fields: handshake)]
        for token in Self.wrong {
          answers.append(try lab.request("GET", path, fields: Self.field(token) + handshake))
          let query = token.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
          answers.append(try lab.request("GET", path + "?token=\(query)", fields: handshake))
        }
        for answer in answers {
          #expect(answer.status == 401)
          #expect(answer["www-authenticate"] == #"Bearer realm="pushlab""#)
          #expect(answer.body == answers[0].body)
        }
      }
    }
  }

  @Test func `the page and liveness need none, the rest does`() async throws {
    let folder = Command.project.appendingPathComponent("static").path
    try await withLab(access: Self.access(), staticFolder: folder) { lab in
      for path in ["/", "/main.js", "/healthz"] { #expect(try lab.request("GET", path).status == 200) }
      for (method, path) in [
        ("POST", "/streams"), ("GET", "/streams/x"), ("DELETE", "/streams/0123456789abcdef"),
        ("GET", "/metrics"),
        ("GET", "/chat-stream?prompt=a"), ("GET", "/echo"), ("OPTIONS", "/streams"),
      ] {
        let body = method == "POST" ? #"{"prompt":"a"}"# : nil
        #expect(try lab.request(method, path, body: body).status == 401)
      }
      // What is refused for its head alone tells no more.
      let long = String(repeating: "x", count: 65_537)
      #expect(try lab.request("POST", "/streams", body: long).status == 401)
      // An EventSource gives up at that status, instead of coming back.
      let events = try lab.request(
        "GET", "/chat-stream?prompt=a", fields: "Accept: text/event-stream\r\nLast-Event-ID: refused\r\n")
      #expect(events.status == 401)
    }
  }

  @Test func `who asks too often is not told whether the token was right`() async throws {
    var limits = Limits()
    limits.connection.requestsPerSecond = 0.001
    try await withLab(limits: limits, access: Self.access()) { lab in
      #expect(try lab.request("GET", "/healthz").status == 200)
      for token in [Self.token, Self.wrong[0]] {
        #expect(try lab.request("GET", "/metrics", fields: Self.field(token)).status == 429)
        let socket = try lab.request("GET", "/echo", fields: Self.field(token) + SocketPeer.handshake)
        #expect(socket.status == 429)
      }
    }
  }

  @Test func `curl reads all that is HTTP with it, and nothing without`() async throws {
    try await withLab(access: Self.access()) { lab in
      let stream = try lab.start(.fast(tokens: 3), fields: Self.field(Self.token))
      let url = "http://127.0.0.1:\(lab.port)/streams/\(stream.stream)"
      for resource in ["events", "long-poll?from=2", "poll"] {
        let query = resource.contains("?") ? "&" : "?"
        for arguments in [
          ["-H", "Authorization: Bearer \(Self.token)", "\(url)/\(resource)"],
          ["\(url)/\(resource)\(query)token=\(Self.encoded)"],
          ["-G", "--data-urlencode", "token=\(Self.token)", "\(url)/\(resource)"],
        ] {
          let outcome = try await Command.run("/usr/bin/curl", ["-sSfN", "--max-time", "60"] + arguments)
          #expect(outcome.status == 0)
          #expect(outcome.output.contains(#""index":2"#))
        }
        let refused = try await Command.run(
          "/usr/bin/curl", ["-sfN", "--max-time", "60", "\(url)/\(resource)"])
        #expect(refused.status == 22)
        #expect(refused.output == "")
      }
    }
  }

  @Test func `a server tells its token to nobody`() async throws {
    let server = try Command(
      Command.pushlab, ["serve", "--port", "0"], environment: ["PUSHLAB_TOKEN": Self.token])
    let port = try server.port()
    let connection = try RawConnection(port: port)
    #expect(try connection.request("GET", "/metrics").status == 401)
    let metrics = try connection.request("GET", "/metrics", fields: Self.field(Self.token))
    #expect(metrics.status == 200)
    let list = try String(contentsOfFile: "/proc/\(server.processIdentifier)/cmdline", encoding: .utf8)
    let wrong = try connection.request("GET", "/streams?token=\(Self.encoded)")
    server.signal(SIGTERM)
    let outcome = await server.outcome()
    #expect(outcome.status == 0)
    for text in [metrics.head, metrics.body, list, wrong.head, wrong.body, outcome.output, outcome.errors] {
      #expect(!text.contains(Self.token))
      #expect(!text.contains(Self.encoded))
    }
  }

  @Test(arguments: [["--token", "not a token, but secret"], ["--token", "-secret"], ["--token=secret"]])
  func `a mistyped token is not repeated`(_ arguments: [String]) async throws {
    let outcome = try await Command.run(Command.pushlab, ["serve", "--port", "0"] + arguments)
    #expect(outcome.status == 2)
    #expect(!outcome.errors.contains("secret"))
    #expect(outcome.output == "")
  }

  @Test(arguments: ["", "short", "not a token, but secret"])
  func `a variable that holds no token is a mistake, not none`(_ value: String) async throws {
    let outcome = try await Command.run(
      Command.pushlab, ["serve", "--port", "0"], environment: ["PUSHLAB_TOKEN": value])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("PUSHLAB_TOKEN"))
    #expect(value.isEmpty || !outcome.errors.contains(value))
  }

  @Test func `an experiment's server asks its readers for none`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("experiment.yml")
    try CommandTests.experiment.write(to: file, atomically: true, encoding: .utf8)
    let out = folder.appendingPathComponent("out").path
    let outcome = try await Command.run(
      Command.pushlab, ["run", file.path, "--trials", "1", "--out", out],
      environment: ["PUSHLAB_TOKEN": Self.token])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("20 of 20"))
  }
}
