import Answers
import Foundation
import LabServer
import Testing
import Wire

/// What one reader does, or leaves undone, must not reach another by way of a clock, a timer or a descriptor.
@Suite struct NeighbourTests {
  @Test func `a request's time counts from its arrival, however long the server slept`() async throws {
    var limits = Limits()
    limits.connection.requestTime = .seconds(2)
    // Whoever sleeps may be woken much later.
    limits.connection.idleTime = .seconds(600)
    limits.connection.requestsPerSecond = 2
    try await withLab(limits: limits) { lab in
      let connection = try RawConnection(port: lab.port)
      for _ in 0..<2 { #expect(try connection.request("GET", "/healthz").status == 200) }
      // Nothing of the lab's own wakes the server meanwhile.
      try await Task.sleep(for: .seconds(3))
      try connection.send("POST /streams HTTP/1.1\r\nHost: localhost\r\nContent-Length: 14\r\n\r\n")
      // Long enough to come apart; asleep in earnest, since a task may be woken much later.
      usleep(50_000)
      try connection.send(#"{"prompt":"a"}"#)
      #expect(try connection.response().status == 201)
    }
  }

  @Test func `a stalled reader's heartbeat does not hold up the server`() async throws {
    var limits = Limits()
    limits.heartbeat = .milliseconds(100)
    limits.connection.stallTime = .seconds(2)
    try await withLab(limits: limits) { lab in
      let question = Question(
        prompt: "a", tokenCount: 5_000, tokenSize: 200,
        pacing: Pacing(think: .milliseconds(50), rate: 5_000, jitter: 0))
      let stream = try lab.start(question).stream
      let stalled = try RawConnection(port: lab.port, receiveBuffer: 4_096)
      try stalled.send("GET /streams/\(stream)/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
      // The server has to come by its own timer to let go; one that is held up answers nothing.
      try await lab.untilMetric("pushlab_stalled_let_go_total", is: 1)
    }
  }

  @Test func `whoever gets a descriptor's number does not get its past`() async throws {
    try await withLab { lab in
      for _ in 0..<3 {
        let stream = try lab.start(.silent).stream
        // Was held once, and so was watched; then it is refused, and its connection lingers.
        var leaver: RawConnection? = try RawConnection(port: lab.port)
        #expect(try leaver?.request("GET", "/streams/\(stream)/long-poll?wait=0.05").status == 200)
        try leaver?.send("POST /streams HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n")
        #expect(try leaver?.response().status == 413)
        // Takes its number.
        let held = try RawConnection(port: lab.port)
        try held.send("GET /streams/\(stream)/long-poll?wait=120 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try await lab.untilMetric(#"pushlab_held_readers{transport="long-polling"}"#, is: 1)
        leaver = nil
        // Two answers later the server has seen it leave.
        for _ in 0..<2 { #expect(try lab.request("GET", "/healthz").status == 200) }
        #expect(try lab.request("DELETE", "/streams/\(stream)").status == 204)
        #expect(try held.response().status == 200)
      }
    }
  }
}
