import Answers
import LabClient
import Measurement
import NIOCore
import Readings
import Testing
import Wire

/// The lab against what a test did to it: faults and delays of known size must be read back.
@Suite struct HonestyTests {
  @Test(arguments: Transport.allCases.filter { [.stream, .socket].contains($0.exchange) })
  func `the ledger finds exactly the faults put in`(_ transport: Transport) async throws {
    // An event stream's first piece is its retry field.
    let first = transport == .serverSentEvents ? 1 : 0
    var cases: [(MessageFaults, Ledger)] = []
    var ledger = Ledger()
    ledger.delivered = 39
    ledger.lost = 1
    cases.append((MessageFaults(dropped: first + 5), ledger))
    ledger = Ledger()
    ledger.delivered = 40
    ledger.duplicated = 1
    cases.append((MessageFaults(doubled: first + 9), ledger))
    ledger.duplicated = 0
    ledger.reordered = 1
    cases.append((MessageFaults(swapped: first + 12), ledger))
    ledger = Ledger()
    ledger.delivered = 39
    ledger.corrupted = 1
    cases.append((MessageFaults(altered: first + 20), ledger))
    try await withLab { lab in
      for (faults, expected) in cases {
        let relay = try await Relay(to: lab.address) { faults.change() }
        var plan = lab.plan(transport, .fast(tokens: 40))
        plan.server = relay.address
        let reading = await lab.reader.read(plan)
        #expect(reading.failure == nil)
        #expect(Ledger(reading.arrivals, expected: 0..<40) == expected)
        try await relay.stop()
      }
    }
  }

  /// A loaded machine only adds to a delay, now to the one and now to the other: of a few attempts one is good
  /// enough, and the fastest tenth of its tokens counts.
  @Test(arguments: Transport.allCases.filter(\.isPushed))
  func `a delay of 20 ms is read back as 20 ms`(_ transport: Transport) async throws {
    try await withLab { lab in
      let question = Question(
        prompt: "delay", tokenCount: 60, pacing: Pacing(think: .milliseconds(200), rate: 25, jitter: 0.2))
      let relay = try await Relay(to: lab.address, delay: .milliseconds(20))
      func fastest(_ plan: ReadingPlan) async -> Double {
        let reading = await lab.reader.read(plan)
        #expect(reading.failure == nil)
        return Quantiles(reading.delays.map(\.inMilliseconds)).value(at: 0.1) ?? .nan
      }
      var errors: [Double] = []
      repeat {
        let direct = await fastest(lab.plan(transport, question))
        var plan = lab.plan(transport, question)
        plan.server = relay.address
        errors.append(abs(await fastest(plan) - direct - 20))
      } while errors.last! >= 1 && errors.count < 8
      #expect(errors.min()! < 1, "\(errors)")
      try await relay.stop()
    }
  }

  @Test func `readers without processor say so`() async throws {
    try await withLab { lab in
      let lag = lab.reader.watchLag()
      // Holds the readers' only event loop for longer than any doubt's bound.
      var plan = lab.plan(.webSocket, .fast(tokens: 20, rate: 200))
      plan.onToken = { _ in
        let end = ContinuousClock.now.advanced(by: .milliseconds(20))
        while ContinuousClock.now < end {}
      }
      let reading = await lab.reader.read(plan)
      var measurement = TrialMeasurement(
        entry: "starved", trial: 0, readings: [reading])
      measurement.eventLoopLagMilliseconds = lag.takeWorst().inMilliseconds
      measurement.doubts = []
      measurement.doubtItself()
      lag.stop()
      #expect(measurement.doubts.contains { $0.kind == "eventLoopLag" })
      #expect(measurement.doubts.allSatisfy { $0.metrics.contains(.delayMedian) })
    }
  }

  @Test(arguments: Transport.allCases)
  func `a warm connection does not count its connecting`(_ transport: Transport) async throws {
    try await withLab { lab in
      let cold = await lab.reader.read(lab.plan(transport, .fast(tokens: 1, think: .zero)))
      var plan = lab.plan(transport, .fast(tokens: 1, think: .zero))
      plan.isWarm = true
      let warm = await lab.reader.read(plan)
      #expect(warm.failure == nil)
      #expect(!cold.isWarm && warm.isWarm)
      #expect(warm.up.heads == cold.up.heads)
      #expect(warm.segmentsUp + warm.segmentsDown <= cold.segmentsUp + cold.segmentsDown)
    }
  }
}
