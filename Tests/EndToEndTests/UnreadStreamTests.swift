import Answers
import Foundation
import LabServer
import Testing
import Wire

/// Streams that nobody reads.
@Suite struct UnreadStreamTests {
  @Test func `a stream that nobody reads is stopped, and one that is read goes on`() async throws {
    var limits = Limits()
    limits.unreadTime = .milliseconds(300)
    try await withLab(limits: limits) { lab in
      let unread = try lab.start(.silent).stream
      let read = try lab.start(.silent).stream
      let reader = try RawConnection(port: lab.port)
      try reader.send("GET /streams/\(read)/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
      _ = try reader.receive(through: "retry: 1000\n\n")
      try await lab.untilMetric("pushlab_unread_let_go_total", is: 1)
      #expect(try lab.request("GET", "/streams/\(unread)").body.contains(#""reason":"stopped""#))
      #expect(try lab.request("GET", "/streams/\(read)").body.contains(#""done":false"#))
      reader.reset()
      try await lab.untilMetric("pushlab_unread_let_go_total", is: 2)
    }
  }

  @Test func `an answer that may wait for its reader outside of the kernel takes room`() async throws {
    var limits = Limits()
    limits.connection.pendingBytes = 100_000
    try await withLab(limits: limits) { lab in
      // A schedule's text is some twenty bytes per token.
      let small = try lab.start(Question(prompt: "a", tokenCount: 100, pacing: Pacing(think: .seconds(60))))
      let large = try lab.start(
        Question(prompt: "a", tokenCount: 20_000, pacing: Pacing(think: .seconds(60))))
      #expect(try lab.request("GET", "/streams/\(small.stream)/schedule").status == 200)
      let refused = try lab.request("GET", "/streams/\(large.stream)/schedule")
      #expect(refused.status == 503)
      #expect(refused.body.contains("room"))
    }
  }

  @Test func `a body takes room as it comes, and not as it is announced`() async throws {
    var limits = Limits()
    limits.connection.pendingBytes = 1_000
    // However long the others keep this test waiting.
    limits.connection.requestTime = .seconds(600)
    try await withLab(limits: limits) { lab in
      let announcing = try (0..<5).map { _ in try RawConnection(port: lab.port) }
      let head = "POST /streams HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n"
      for connection in announcing { try connection.send(head) }
      let answer = try lab.request("POST", "/streams", body: #"{"prompt":"a"}"#)
      #expect(answer.status == 201)
      try announcing[0].send(String(repeating: "x", count: 899))
      try await lab.untilMetric("pushlab_pending_bytes", is: 899)
      try announcing[1].send(String(repeating: "x", count: 300))
      #expect(try announcing[1].response().status == 503)
      // Whose connection is closed takes no room.
      withExtendedLifetime(announcing) {}
    }
  }

  @Test func `as much text as the server holds is refused with the time to come back`() async throws {
    var limits = Limits()
    limits.heldPieces = 300
    try await withLab(limits: limits) { lab in
      for status in [201, 503] {
        let answer = try lab.request(
          "POST", "/streams", body: #"{"prompt":"a","tokens":100,"size":2,"think":60}"#)
        #expect(answer.status == status)
        #expect((answer["retry-after"] != nil) == (status == 503))
      }
      for fields in ["", "Accept: text/event-stream\r\n"] {
        let answer = try lab.request("GET", "/chat-stream?prompt=a&tokens=150&think=60", fields: fields)
        #expect(answer.status == 503)
        #expect(answer.body.hasPrefix(#"{"error":"the server has reached its limit of answer text"#))
      }
    }
  }

  @Test func `a stream that was stopped makes room for the next`() async throws {
    var limits = Limits()
    limits.heldPieces = 1_000
    try await withLab(limits: limits) { lab in
      for _ in 0..<5 {
        let stream = try lab.start(
          Question(prompt: "a", tokenCount: 900, pacing: Pacing(think: .seconds(3_600)))
        ).stream
        #expect(try lab.request("DELETE", "/streams/\(stream)").status == 204)
      }
    }
  }
}
