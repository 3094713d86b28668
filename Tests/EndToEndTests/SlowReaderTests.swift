import Answers
import Foundation
import LabClient
import LabServer
import Measurement
import Readings
import Testing
import Wire

/// Readers that take less than they are sent: what it costs them, and nobody else.
@Suite struct SlowReaderTests {
  /// About 900 bytes per token.
  private static let big = Question(
    prompt: "big", tokenCount: 1_000, tokenSize: 200,
    pacing: Pacing(think: .milliseconds(100), rate: 400, jitter: 0))

  /// What a reader asks that then reads nothing.
  enum Stall: String, CaseIterable, Sendable {
    case events
    case lines
    case socket
    /// Asks for page after page. The kernel takes a page whole, and the next request is not looked at before the
    /// socket can take its answer: to the server that is a connection that asks nothing.
    case poll

    func request(_ stream: String) -> String {
      let line = "GET /streams/\(stream)/\(rawValue) HTTP/1.1\r\nHost: localhost\r\n"
      return switch self {
      case .events, .lines: line + "\r\n"
      case .socket: BadRequest.handshake("/streams/\(stream)/socket")
      case .poll: String(repeating: line + "\r\n", count: 200)
      }
    }
  }

  @Test(arguments: Stall.allCases)
  func `who takes nothing is let go, at no cost to others or to memory`(_ stall: Stall) async throws {
    let served = try ServedLab(["--stall-time", "1"] + (stall == .poll ? ["--idle-time", "1"] : []))
    let lab = served.lab
    // What a stream costs by itself is there before.
    let first = await lab.reader.read(lab.plan(.serverSentEvents, Self.big))
    #expect(first.failure == nil)
    let before = served.residentBytes
    let stream = try lab.start(Self.big)
    async let reading = lab.reader.read(lab.plan(.serverSentEvents, Self.big, stream: stream))
    let count = 30
    if stall == .poll { _ = try lab.request("GET", "/streams/\(stream.stream)/long-poll?from=300&wait=20") }
    let stalled = try (0..<count).map { _ in try RawConnection(port: lab.port, receiveBuffer: 4_096) }
    for connection in stalled { try connection.send(stall.request(stream.stream)) }
    try await lab.untilMetric("pushlab_stalled_let_go_total", is: stall == .poll ? 0 : count)
    let live = await reading
    #expect(live.failure == nil)
    #expect(Ledger(live.arrivals, expected: 0..<Self.big.tokenCount).isClean)
    // All of the answer for each would be 27 MB; the second stream's log is 5.
    #expect(served.peakResidentBytes - before < 15_000_000)
    try await lab.untilMetric("pushlab_connections", is: 1)
    withExtendedLifetime(stalled) {}
    await lab.reader.shutDown()
  }

  private var impatient: Limits {
    var limits = Limits()
    limits.connection.stallTime = .seconds(2)
    limits.connection.idleTime = .seconds(600)
    return limits
  }

  /// A reader that takes 10 kB a second of an answer, for so many seconds. The kernel takes more for it only once half of
  /// what waits in it has left, which takes three.
  private func reader(of lab: LabFixture, readsFor seconds: Int) throws -> RawConnection {
    let stream = try lab.start(Self.big).stream
    let connection = try RawConnection(port: lab.port, receiveBuffer: 4_096)
    try connection.send("GET /streams/\(stream)/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    for _ in 0..<(10 * seconds) {
      _ = try connection.receive(count: 1_000)
      usleep(100_000)
    }
    return connection
  }

  @Test func `who reads steadily is not let go, however slowly`() async throws {
    try await withLab(limits: impatient) { lab in
      try reader(of: lab, readsFor: 8).receiveThroughEnd(of: "\r\n0\r\n\r\n")
      #expect(try lab.metric("pushlab_stalled_let_go_total") == 0)
    }
  }

  @Test func `who has read slowly and then stops is let go`() async throws {
    try await withLab(limits: impatient) { lab in
      let connection = try reader(of: lab, readsFor: 3)
      try await lab.untilMetric("pushlab_stalled_let_go_total", is: 1)
      withExtendedLifetime(connection) {}
    }
  }

  /// It was looked after in the kernel's place, which gives up what lies whole in it.
  @Test func `who has read slowly and then reads no answer any more is let go`() async throws {
    try await withLab(limits: impatient) { lab in
      let stream = try lab.start(Self.big).stream
      let connection = try reader(of: lab, readsFor: 3)
      try connection.receiveThroughEnd(of: "\r\n0\r\n\r\n")
      let poll = "GET /streams/\(stream)/poll?from=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"
      for _ in 0..<3 { try connection.send(poll) }
      try await lab.untilMetric("pushlab_connections", is: 1)
      withExtendedLifetime(connection) {}
    }
  }

  private var lagging: Limits {
    var limits = Limits()
    limits.lagTokens = 100
    return limits
  }

  @Test func `an event stream that falls behind is told so, and its reader comes back for the rest`()
    async throws
  {
    try await withLab(limits: lagging) { lab in
      let stream = try lab.start(Self.big).stream
      // HTTP/1.0, so that the events come without chunks.
      let connection = try RawConnection(port: lab.port, receiveBuffer: 4_096)
      try connection.send("GET /streams/\(stream)/events HTTP/1.0\r\n\r\n")
      _ = try connection.receive(through: "\r\n\r\n")
      var parser = EventStreamParser()
      var events = parser.feed(Array(try connection.receive(through: "\"index\":0").utf8))
      while events.last?.name != "error" {
        events += parser.feed(try connection.receive(count: 500))
        usleep(2_000)
        if try lab.metric(#"pushlab_lagging_let_go_total{transport="server-sent-events"}"#) == 1 {
          events += parser.feed(try connection.receiveBytesToEnd())
        }
      }
      #expect(events.last?.data == #"{"error":"more than 100 tokens behind: reconnect for the rest"}"#)
      let last = try #require(events.last?.lastEventID)
      let again = try RawConnection(port: lab.port)
      try again.send("GET /streams/\(stream)/events HTTP/1.0\r\nLast-Event-ID: \(last)\r\n\r\n")
      _ = try again.receive(through: "\r\n\r\n")
      var rest = EventStreamParser()
      events += rest.feed(try again.receiveBytesToEnd())
      let tokens = try events.filter { $0.name == "message" }.map {
        try JSONDecoder().decode(TokenPayload.self, from: Data($0.data.utf8))
      }
      #expect(tokens.map(\.token) == Array(Script(Self.big)))
      #expect(events.last?.name == "done")
    }
  }

  @Test func `lines that fall behind say so, and their reader comes back for the rest`() async throws {
    try await withLab(limits: lagging) { lab in
      let stream = try lab.start(Self.big).stream
      // HTTP/1.0, so that the lines come without chunks.
      let connection = try RawConnection(port: lab.port, receiveBuffer: 4_096)
      try connection.send("GET /streams/\(stream)/lines HTTP/1.0\r\n\r\n")
      _ = try connection.receive(through: "\r\n\r\n")
      var bytes = Array(try connection.receive(through: "\"index\":0").utf8)
      while try lab.metric(#"pushlab_lagging_let_go_total{transport="http-streaming"}"#) == 0 {
        bytes += try connection.receive(count: 500)
        usleep(2_000)
      }
      bytes += try connection.receiveBytesToEnd()
      var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      #expect(lines.popLast() == #"{"error":"more than 100 tokens behind: reconnect for the rest"}"#)
      let again = try RawConnection(port: lab.port)
      try again.send("GET /streams/\(stream)/lines?from=\(lines.count) HTTP/1.0\r\n\r\n")
      _ = try again.receive(through: "\r\n\r\n")
      lines += try again.receiveToEnd().split(separator: "\n")
      #expect(lines.popLast() == #"{"done":{"reason":"complete","tokens":1000}}"#)
      let tokens = try lines.map { try JSONDecoder().decode(TokenPayload.self, from: Data($0.utf8)).token }
      #expect(tokens == Array(Script(Self.big)))
    }
  }

  @Test func `a WebSocket that falls behind is closed with 1013, and its reader comes back for the rest`()
    async throws
  {
    try await withLab(limits: lagging) { lab in
      let started = try lab.start(Self.big)
      var tokens: [TokenPayload] = []
      let slow = try SocketPeer(
        port: lab.port, path: "/streams/\(started.stream)/socket", receiveBuffer: 4_096)
      #expect(try read(slow, &tokens) { tokens in if tokens.count < 300 { usleep(20_000) } } == 1_013)
      #expect(try lab.metric(#"pushlab_lagging_let_go_total{transport="websocket"}"#) == 1)
      #expect(tokens.count < Self.big.tokenCount)
      let path = "/streams/\(started.stream)/socket?from=\(tokens.count)&epoch=\(started.epoch)"
      #expect(try read(SocketPeer(port: lab.port, path: path), &tokens) { _ in } == 1_000)
      #expect(tokens.map(\.token) == Array(Script(Self.big)))
    }
  }

  /// Reads tokens up to the close frame.
  private func read(
    _ peer: SocketPeer, _ tokens: inout [TokenPayload], pause: ([TokenPayload]) -> Void
  ) throws -> Int {
    while true {
      let (opcode, payload) = try peer.frame()
      if opcode == 8 { return Int(payload[0]) << 8 | Int(payload[1]) }
      if case .token(let token) = try StreamMessage(json: payload) { tokens.append(token) }
      pause(tokens)
    }
  }
}
