import Answers
import Foundation
import LabClient
import Measurement
import MonotonicTime
import Readings
import Testing
import Wire

/// A thousand readers that read nothing, beside a hundred that do: `make soak-slow`. Prints what it costs.
@Suite(
  .serialized, .enabled(if: ProcessInfo.processInfo.environment["SOAK_SLOW"] != nil, "make soak-slow runs it")
)
struct StalledCrowdTests {
  private static let stalled = 1_000
  private static let live = 100
  private static let rounds = 5
  /// Seconds; longer than they gather and the live ones read, so that the stalled stand beside them to the end.
  private static let stallTime = 14

  /// What the stalled read: 180 kB per second.
  private static let big = Question(
    prompt: "big", tokenCount: 2_000, tokenSize: 200,
    pacing: Pacing(think: .milliseconds(100), rate: 200, jitter: 0))
  private static let small = Question(
    prompt: "small", tokenCount: 40, pacing: Pacing(think: .milliseconds(500), rate: 10, jitter: 0.3))

  @Test func `a crowd that reads nothing costs the others little, and the server next to nothing`()
    async throws
  {
    var rounds: [(without: Round, with: Round)] = []
    _ = try await Self.round(stalled: 0)
    for number in 0..<Self.rounds {
      let without = try await Self.round(stalled: 0)
      let with = try await Self.round(stalled: Self.stalled)
      print("soak-slow: \(number): without \(without); with \(Self.stalled) stalled: \(with)")
      rounds.append((without, with))
    }
    let p99 = rounds.map { ($0.without.p99.inMilliseconds, $0.with.p99.inMilliseconds) }
    let median = (Self.median(p99.map(\.0)), Self.median(p99.map(\.1)))
    print("soak-slow: median p99 delay without \(median.0) ms, with \(median.1) ms")
    for round in rounds {
      #expect(round.with.ledger.isClean && round.without.ledger.isClean)
      #expect(round.with.dropped == Self.stalled)
      #expect(round.with.growth - round.without.growth < 20_000_000)
    }
  }

  private static func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
  }

  private struct Round: CustomStringConvertible {
    var p99 = Duration.zero
    var ledger = Ledger()
    /// Resident bytes at their most, over those at rest.
    var growth = 0
    var dropped = 0
    /// The server's user and system time.
    var processorTime = Duration.zero
    /// From when they stalled until the last of them was let go.
    var time = Duration.zero

    var description: String {
      "p99 \(p99.inMilliseconds) ms, \(processorTime.inSeconds) s of processor, \(growth / 1_024) KiB more"
        + (dropped > 0 ? ", \(dropped) dropped after \(time.inSeconds) s" : "")
    }
  }

  /// Waits until the server sends no more than the witnesses take.
  private static func untilQuiet(_ lab: LabFixture) async throws {
    var before = -1_000_000
    while true {
      let sent = try ["server-sent-events", "websocket"].reduce(0) {
        try $0 + lab.metric("pushlab_sent_bytes_total{transport=\"\($1)\"}")
      }
      if sent - before < 100_000 { return }
      before = sent
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// A server of its own each time, so that no round inherits another's memory.
  private static func round(stalled count: Int) async throws -> Round {
    let served = try ServedLab(["--stall-time", String(stallTime)])
    let lab = served.lab
    var round = Round()
    _ = await lab.reader.read(lab.plan(.serverSentEvents, .fast(tokens: 50)))
    let atRest = served.residentBytes
    let stream = try lab.start(big)
    // Both framings of it are made, whether or not anybody stalls.
    let witnesses = [SlowReaderTests.Stall.events, .socket].map { $0.request(stream.stream) }
    async let watching = onThreads(2, witnesses) { request in
      let connection = try? RawConnection(port: lab.port)
      try? connection?.send(request)
      return (try? connection?.receiveThroughEnd(of: #""tokens":\#(big.tokenCount)"#)) != nil
    }
    let crowd = try (0..<count).map { number in
      let connection = try RawConnection(port: lab.port, receiveBuffer: 4_096)
      let stall = number.isMultiple(of: 2) ? SlowReaderTests.Stall.events : .socket
      try connection.send(stall.request(stream.stream))
      // One after the other, as those of an experiment.
      usleep(5_000)
      return connection
    }
    // What fills the kernel's queues is the work of readers, not of stalled ones.
    try await untilQuiet(lab)
    let stalled = Instant.now
    let readings = await withTaskGroup(of: Reading.self) { group in
      for number in 0..<live {
        var plan = lab.plan(number.isMultiple(of: 2) ? .serverSentEvents : .webSocket, small)
        plan.isWarm = true
        group.addTask { await lab.reader.read(plan) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    var delays: [Duration] = []
    let offsets = small.offsets
    for reading in readings {
      round.ledger = round.ledger + Ledger(reading.arrivals, expected: 0..<small.tokenCount)
      for arrival in reading.arrivals {
        delays.append(reading.started.advanced(by: offsets[arrival.index]).duration(to: arrival.at))
      }
    }
    round.p99 = delays.sorted()[delays.count * 99 / 100]
    while try lab.metric("pushlab_stalled_let_go_total") < count {
      try await Task.sleep(for: .milliseconds(50))
    }
    round.time = stalled.duration(to: .now)
    round.dropped = try lab.metric("pushlab_stalled_let_go_total")
    #expect(await watching == [true, true])
    round.processorTime = served.server.processorTime
    round.growth = served.peakResidentBytes - atRest
    withExtendedLifetime(crowd) {}
    await lab.reader.shutDown()
    return round
  }
}
