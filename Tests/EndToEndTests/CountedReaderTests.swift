import Answers
import Foundation
import LWS
import LabServer
import Testing
import Wire

/// What a server counts of a reader that names itself, and tells whoever knows the name.
@Suite struct CountedReaderTests {
  struct Counts: Decodable {
    var reader: String
    var requests, open, returns, tokens, bodies, up, down: Int
  }

  private func counts(_ lab: LabFixture, _ tag: String) throws -> [Counts] {
    let answer = try lab.request("GET", "/readers?tag=\(tag)")
    #expect(answer["cache-control"] == "no-store")
    return try JSONDecoder().decode([Counts].self, from: Data(answer.body.utf8))
  }

  /// What was counted once nothing is open any more.
  private func settled(_ lab: LabFixture, _ tag: String) async throws -> Counts {
    while true {
      if let counts = try counts(lab, tag).first, counts.open == 0 { return counts }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  private func get(_ path: String, fields: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
  }

  private static let handshake =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

  @Test(arguments: [false, true])
  func `an event stream is counted to the byte`(takesFaults: Bool) async throws {
    try await withLab(takesFaults: takesFaults) { lab in
      let question = Question.fast(tokens: 5)
      let stream = try lab.start(question)
      let connection = try RawConnection(port: lab.port)
      let request = get("/streams/\(stream.stream)/events?reader=a")
      try connection.send(request)
      let bytes = try connection.receive(through: "0\r\n\r\n")
      let seen = try await settled(lab, "a")
      #expect((seen.requests, seen.returns, seen.tokens) == (1, 0, 5))
      #expect((seen.up, seen.down) == (request.utf8.count, bytes.utf8.count))
    }
  }

  @Test func `what others ask on the same connection is not the reader's`() async throws {
    try await withLab { lab in
      let stream = try lab.start(.fast(tokens: 5))
      let path = "/streams/\(stream.stream)/long-poll?from=4"
      let requests = [path, "\(path)&reader=a", path, "\(path)&reader=b", "\(path)&reader=a"].map { get($0) }
      let connection = try RawConnection(port: lab.port)
      // All of them at once, to be answered one after the other.
      try connection.send(requests.joined())
      let answers = try requests.map { _ in try connection.response() }
      let sizes = answers.map { $0.head.utf8.count + $0.body.utf8.count }
      let (a, b) = (try await settled(lab, "a"), try await settled(lab, "b"))
      #expect((a.requests, a.up, a.down) == (2, requests[1].utf8.count * 2, sizes[1] + sizes[4]))
      #expect((b.requests, b.up, b.down) == (1, requests[3].utf8.count, sizes[3]))
      #expect((a.tokens, a.bodies) == (2, answers[1].body.utf8.count * 2))
    }
  }

  @Test func `a body belongs to its request`() async throws {
    try await withLab { lab in
      let connection = try RawConnection(port: lab.port)
      let body = String(decoding: Question.silent.json, as: UTF8.self)
      let head =
        "POST /streams?reader=a HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
      try connection.send(head + body)
      let answer = try connection.response()
      let seen = try await settled(lab, "a")
      #expect(
        (seen.up, seen.down) == (
          head.utf8.count + body.utf8.count, answer.head.utf8.count + answer.body.utf8.count
        ))
    }
  }

  @Test(arguments: [false, true])
  func `a WebSocket is counted from its handshake to its close`(isFirst: Bool) async throws {
    try await withLab { lab in
      let stream = try lab.start(.fast(tokens: 5))
      let connection = try RawConnection(port: lab.port)
      if !isFirst { _ = try connection.request("GET", "/healthz") }
      let request = get("/streams/\(stream.stream)/socket?reader=a", fields: Self.handshake)
      try connection.send(request)
      let opening = try connection.receive(through: "\r\n\r\n")
      let messages = try connection.receive(through: "complete\",\"tokens\":5}}")
      let close = try connection.receive(count: 12)
      // Close 1000, masked with zeros.
      try connection.send([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8])
      #expect(try connection.hasEnded())
      let seen = try await settled(lab, "a")
      #expect((seen.requests, seen.returns, seen.tokens) == (1, 0, 5))
      #expect(seen.up == request.utf8.count + 8)
      // A frame's first byte is no UTF-8, and one scalar of the text all the same.
      #expect(seen.down == opening.utf8.count + messages.unicodeScalars.count + close.count)
    }
  }

  /// The kernel's count has the end of sending for one more (RFC 9293, section 3.4).
  @Test(arguments: [false, true])
  func `that a peer has ended its sending is no byte of it, nor is a reset`(isReset: Bool) async throws {
    try await withLab { lab in
      let stream = try lab.start(.silent)
      let connection = try RawConnection(port: lab.port)
      let request = get("/streams/\(stream.stream)/socket?reader=a", fields: Self.handshake)
      try connection.send(request)
      _ = try connection.receive(through: "\r\n\r\n")
      if isReset { connection.reset() } else { connection.endSending() }
      #expect(try await settled(lab, "a").up == request.utf8.count)
    }
  }

  @Test func `who is answered again after an answer that broke off has come back`() async throws {
    try await withLab { lab in
      let stream = try lab.start(.silent)
      let path = "/streams/\(stream.stream)"
      let lost = try RawConnection(port: lab.port)
      try lost.send(get("\(path)/long-poll?reader=a"))
      while try counts(lab, "a").first?.open != 1 { try await Task.sleep(for: .milliseconds(5)) }
      lost.reset()
      #expect(try await settled(lab, "a").returns == 0)
      // Held, and not answered yet.
      let again = try RawConnection(port: lab.port)
      try again.send(get("\(path)/long-poll?reader=a"))
      while try counts(lab, "a").first?.open != 1 { try await Task.sleep(for: .milliseconds(5)) }
      #expect(try counts(lab, "a").first?.returns == 0)
      _ = try lab.request("DELETE", path)
      #expect(try again.response().status == 200)
      #expect(try again.request("GET", "\(path)/poll?reader=a").status == 200)
      let seen = try await settled(lab, "a")
      #expect((seen.requests, seen.returns) == (3, 1))
    }
  }

  @Test func `nobody is told of readers whose names he does not know`() async throws {
    let token = "a token of sixteen characters".replacing(" ", with: "-")
    try await withLab(access: try Access(listeningOn: "127.0.0.1", token: token)) { lab in
      let shown = "Authorization: Bearer \(token)\r\n"
      #expect(try lab.request("GET", "/readers?tag=a").status == 401)
      #expect(
        try lab.request("GET", "/readers?tag=a", fields: shown + "Origin: http://other\r\n").status == 403)
      #expect(try lab.request("GET", "/healthz?reader=a", fields: shown).status == 200)
      for (tag, told) in [("all", "[]"), ("b", "[]")] {
        #expect(try lab.request("GET", "/readers?tag=\(tag)", fields: shown).body == told)
      }
      for query in ["", "?tag=", "?tag=a%20b", "?reader=a"] {
        let refusal = try lab.request("GET", "/readers\(query)", fields: shown)
        #expect(refusal.status == 400)
        #expect(refusal.body.contains("takes"))
      }
    }
  }
}
