import Answers
import Foundation
import LWS
import Testing
import Wire

/// What `pushlab serve --faults` lets anybody do to readers.
@Suite struct BreakingTests {
  private struct Wire: Decodable {
    struct Message: Decodable {
      var number, size: Int
      var direction: String
      var bytes: Data
    }
    var messages: [Message]
  }

  private func ask<Value: Decodable>(_ lab: LabFixture, _ path: String) throws -> [Value] {
    let answer = try lab.request("GET", path)
    return try JSONDecoder().decode([Value].self, from: Data(answer.body.utf8))
  }

  /// An event stream that is open, up to its `retry` line.
  private func listen(_ lab: LabFixture, _ stream: StreamStarted, tag: String) throws -> RawConnection {
    let connection = try RawConnection(port: lab.port)
    try connection.send(
      "GET /streams/\(stream.stream)/events?reader=\(tag) HTTP/1.1\r\nHost: localhost\r\n\r\n")
    _ = try connection.receive(through: "retry: 1000\n\n\r\n")
    return connection
  }

  @Test func `a cut closes the one reader's connection`() async throws {
    try await withLab(takesFaults: true) { lab in
      let stream = try lab.start(.silent)
      let cut = try listen(lab, stream, tag: "a")
      let kept = try listen(lab, stream, tag: "b")
      #expect(try lab.request("POST", "/faults/cut?reader=a", body: "").body == #"{"cut":1}"#)
      // Without the last chunk, so that the reader can tell this from an end.
      #expect(try cut.receiveToEnd() == "")
      _ = try lab.request("DELETE", "/streams/\(stream.stream)")
      #expect(try kept.receive(through: "0\r\n\r\n").contains("event: done"))
    }
  }

  /// Both requests are served before the connection is closed, and the second one has something to say on it.
  @Test func `who is cut gets nothing that comes in the same moment`() async throws {
    try await withLab(takesFaults: true) { lab in
      let stream = try lab.start(.silent)
      let held = try RawConnection(port: lab.port)
      try held.send(
        "GET /streams/\(stream.stream)/long-poll?reader=a HTTP/1.1\r\nHost: localhost\r\n\r\n")
      let other = try RawConnection(port: lab.port)
      while try other.request("GET", "/readers?tag=a").body.contains("\"open\":1") == false {}
      try other.send(
        "POST /faults/cut?reader=a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
          + "DELETE /streams/\(stream.stream) HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(try other.response().body == #"{"cut":1}"#)
      _ = try other.response()
      #expect(try held.receiveToEnd() == "")
    }
  }

  @Test func `a cut between two polls closes the next`() async throws {
    try await withLab(takesFaults: true) { lab in
      let stream = try lab.start(.silent)
      let path = "/streams/\(stream.stream)/poll?reader=a"
      let connection = try RawConnection(port: lab.port)
      #expect(try connection.request("GET", path).status == 200)
      #expect(try lab.request("POST", "/faults/cut?reader=a", body: "").body == #"{"cut":0}"#)
      try connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(try connection.receiveToEnd() == "")
      #expect(try lab.request("GET", path).status == 200)
    }
  }

  @Test func `who is offline is closed until the time is over, and nobody else`() async throws {
    try await withLab(takesFaults: true) { lab in
      let stream = try lab.start(.silent)
      let path = "/streams/\(stream.stream)/poll"
      let open = try listen(lab, stream, tag: "a")
      #expect(try lab.request("POST", "/faults/offline?reader=a&seconds=60", body: "").status == 204)
      #expect(try open.receiveToEnd() == "")
      let refused = try RawConnection(port: lab.port)
      try refused.send("GET \(path)?reader=a HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(try refused.receiveToEnd() == "")
      #expect(try lab.request("GET", "\(path)?reader=b").status == 200)
      #expect(try lab.request("POST", "/faults/offline?reader=a&seconds=0", body: "").status == 204)
      #expect(try lab.request("GET", "\(path)?reader=a").status == 200)
    }
  }

  @Test func `a stalled reader gets everything when the stall is over`() async throws {
    try await withLab(takesFaults: true) { lab in
      let question = Question.fast(tokens: 50)
      #expect(try lab.request("POST", "/faults/stall?reader=a&seconds=0.3", body: "").status == 204)
      let stream = try lab.start(question)
      let asked = ContinuousClock.now
      let path = "/streams/\(stream.stream)/long-poll?from=49&reader=a"
      #expect(try lab.request("GET", path).body.contains(#""done":true"#))
      #expect(asked.duration(to: .now) > .milliseconds(150))
    }
  }

  @Test func `the wire shows what was written last`() async throws {
    try await withLab(takesFaults: true) { lab in
      let question = Question.fast(tokens: 5)
      let stream = try lab.start(question)
      let connection = try RawConnection(port: lab.port)
      let request = "GET /streams/\(stream.stream)/events?reader=a HTTP/1.1\r\nHost: localhost\r\n\r\n"
      try connection.send(request)
      let bytes = try connection.receive(through: "0\r\n\r\n")

      let taps: [Wire] = try ask(lab, "/faults/wire?reader=a")
      let wire = try #require(taps.first)
      // Request, head, retry, five tokens, done and the last chunk: the last eight are kept.
      #expect(wire.messages.map(\.number) == Array(3...10))
      let tail = wire.messages.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
      #expect(bytes.hasSuffix(tail))
      #expect(wire.messages.allSatisfy { $0.direction == "down" && $0.size == $0.bytes.count })
    }
  }

  @Test func `a WebSocket's frames are shown with their headers`() async throws {
    try await withLab(takesFaults: true) { lab in
      let question = Question.fast(tokens: 1)
      let stream = try lab.start(question)
      let connection = try RawConnection(port: lab.port)
      let request =
        "GET /streams/\(stream.stream)/socket?reader=a HTTP/1.1\r\nHost: localhost\r\n"
        + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
      try connection.send(request)
      _ = try connection.receive(through: "complete\",\"tokens\":1}}")
      let taps: [Wire] = try ask(lab, "/faults/wire?reader=a")
      let wire = try #require(taps.first)
      #expect(wire.messages.map(\.direction).prefix(2) == ["up", "down"])
      #expect(wire.messages[0].size == request.utf8.count)
      let token = TokenPayload(index: 0, token: Array(Script(question))[0]).json
      #expect(Array(wire.messages[2].bytes) == [0x81, UInt8(token.count)] + token)
    }
  }

  @Test func `without the option there are no faults`() async throws {
    try await withLab { lab in
      let wire = try lab.request("GET", "/faults/wire?reader=all")
      #expect(wire.status == 404)
      let cut = try lab.request("POST", "/faults/cut?reader=all", body: "")
      #expect(cut.status == 404)
      let health = try lab.request("GET", "/healthz")
      #expect(health.body == #"{"status":"ok"}"#)
    }
    let refused = try await Command.run(
      Command.pushlab, ["serve", "--faults", "--host", "0.0.0.0", "--port", "0"])
    #expect(refused.status != 0)
    #expect(refused.errors.contains("--faults"))
  }

  @Test(arguments: [
    "cut", "cut?reader=", "cut?reader=a%20b", "stall?reader=a", "stall?reader=a&seconds=61",
    "offline?reader=a&seconds=-1", "stall?reader=a&seconds=nan",
  ])
  func `a fault that makes no sense is refused in words`(_ fault: String) async throws {
    try await withLab(takesFaults: true) { lab in
      let answer = try lab.request("POST", "/faults/\(fault)", body: "")
      #expect(answer.status == 400)
      #expect(answer.body.contains("takes"))
    }
  }

  @Test func `the schedule is the question's, and is told from now`() async throws {
    struct Times: Decodable {
      var started, now: Int64
      var offsets: [Int64]
    }
    try await withLab { lab in
      let question = Question.fast(tokens: 20)
      let stream = try lab.start(question)
      let answer = try lab.request("GET", "/streams/\(stream.stream)/schedule")
      let times = try JSONDecoder().decode(Times.self, from: Data(answer.body.utf8))
      #expect(times.started == stream.started)
      #expect(times.now > times.started)
      #expect(times.offsets == question.offsets.map(\.inNanoseconds))
    }
  }
}
