import Answers
import Foundation
import LWS
import Testing

/// Responses that are held open: their deadlines, and readers who leave or talk meanwhile.
@Suite struct HeldResponseTests {
  @Test func `a long poll is answered with an empty page when its time is over`() async throws {
    try await withLab { lab in
      let stream = try lab.start(.silent)
      let answer = try lab.request("GET", "/streams/\(stream.stream)/long-poll?wait=0.05")
      #expect(answer.status == 200)
      #expect(answer.body == #"{"tokens":[],"next":0,"done":false}"#)
    }
  }

  @Test func `a connection is kept after a held poll`() async throws {
    try await withLab { lab in
      let stream = try lab.start(.silent)
      let connection = try RawConnection(port: lab.port)
      for _ in 0..<3 {
        #expect(try connection.request("GET", "/streams/\(stream.stream)/long-poll?wait=0.01").status == 200)
      }
    }
  }

  @Test func `a connection is kept after an event stream`() async throws {
    try await withLab { lab in
      let connection = try RawConnection(port: lab.port)
      for _ in 0..<2 {
        try connection.send("GET /chat-stream?prompt=a&tokens=2&think=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let text = try connection.receive(through: "0\r\n\r\n")
        #expect(text.contains("[STREAM_END]"))
      }
    }
  }

  @Test func `a reader who leaves is let go, and costs no processor`() async throws {
    let server = try Command(Command.pushlab, ["serve", "--port", "0"])
    let lab = LabFixture(port: try server.port())
    let stream = try lab.start(.silent)
    for path in ["/chat-stream?prompt=a&think=3600", "/streams/\(stream.stream)/long-poll?wait=120"] {
      var connection: RawConnection? = try RawConnection(port: lab.port)
      try connection?.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
      try await lab.untilMetric(#"pushlab_connections"#, is: 2)
      connection = nil
      try await lab.untilMetric(#"pushlab_connections"#, is: 1)
      try expectIdle(server, lab, stream.stream)
    }
    await lab.reader.shutDown()
  }

  /// Nobody reads what it has sent ahead, and its reset is heard all the same.
  @Test func `a reader who has sent requests ahead and is gone is let go`() async throws {
    try await withLab { lab in
      let stream = try lab.start(.silent)
      for path in ["/chat-stream?prompt=a&think=3600", "/streams/\(stream.stream)/long-poll?wait=120"] {
        let connection = try RawConnection(port: lab.port)
        try connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HT")
        try await lab.untilMetric(#"pushlab_connections"#, is: 2)
        connection.reset()
        try await lab.untilMetric(#"pushlab_connections"#, is: 1)
      }
    }
  }

  @Test func `a reader who talks while a response is held is heard afterwards`() async throws {
    let server = try Command(Command.pushlab, ["serve", "--port", "0"])
    let lab = LabFixture(port: try server.port())
    let streams = [try lab.start(.silent), try lab.start(.silent)]
    let connection = try RawConnection(port: lab.port)
    try connection.send(held(streams[0].stream))
    try await lab.untilMetric(#"pushlab_open_exchanges{transport="long-polling"}"#, is: 1)
    try connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    try expectIdle(server, lab, streams[1].stream)
    _ = try lab.request("DELETE", "/streams/\(streams[0].stream)")
    #expect(try connection.response().body.contains("stopped"))
    #expect(try connection.response().body == #"{"status":"ok"}"#)
    await lab.reader.shutDown()
  }

  @Test func `a reader who sends requests ahead is served in its turn`() async throws {
    let server = try Command(Command.pushlab, ["serve", "--port", "0"])
    let lab = LabFixture(port: try server.port())
    let streams = [try lab.start(.fast(tokens: 1)), try lab.start(.silent), try lab.start(.silent)]
    for ahead in 1...3 {
      let connection = try RawConnection(port: lab.port)
      // The first is answered at once, and the next is held with the rest of the segment behind it.
      let requests = String(repeating: held(streams[ahead == 1 ? 1 : 2].stream, seconds: 0.1), count: ahead)
      try connection.send(
        held(streams[0].stream) + requests
          + "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHo")
      #expect(try connection.response().body.contains("complete"))
      for _ in 0..<ahead { #expect(try connection.response().body.contains(#""done":false"#)) }
      #expect(try connection.response().body == #"{"status":"ok"}"#)
      try connection.send("st: localhost\r\n\r\n")
      #expect(try connection.response().body == #"{"status":"ok"}"#)
    }
    try expectIdle(server, lab, streams[1].stream)
    await lab.reader.shutDown()
  }

  private func held(_ stream: String, seconds: Double = 100) -> String {
    "GET /streams/\(stream)/long-poll?wait=\(seconds) HTTP/1.1\r\nHost: localhost\r\n\r\n"
  }

  /// Lets the server's own held poll be the clock: it answers after a second, in which an idle server uses
  /// next to nothing, and one that spins all of it.
  private func expectIdle(_ server: Command, _ lab: LabFixture, _ stream: String) throws {
    let before = server.processorTime
    _ = try lab.request("GET", "/streams/\(stream)/long-poll?wait=1")
    #expect(server.processorTime - before < .milliseconds(300))
  }
}

extension LabFixture {
  /// Asks the server until the number is there. Each answer is an event of its own; the bound is for a server
  /// that never gets there.
  func untilMetric(_ name: String, is value: Int) async throws {
    for _ in 0..<2_000 {
      if try metric(name) == value { return }
      try await Task.sleep(for: .milliseconds(5))
    }
    throw RawConnection.Failure(what: "\(name) is \(try metric(name)), not \(value)")
  }

  func metric(_ name: String) throws -> Int {
    for line in try request("GET", "/metrics").body.split(separator: "\n") where line.hasPrefix(name + " ") {
      return Int(line.split(separator: " ").last ?? "") ?? -1
    }
    throw RawConnection.Failure(what: "there is no metric \(name)")
  }
}
