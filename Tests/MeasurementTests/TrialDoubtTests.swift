import Foundation
import LabClient
import Machine
import Measurement
import MonotonicTime
import Readings
import Testing

// What a trial says of itself beside its numbers: goodput, doubts, and what it cost the server.
@Suite struct TrialDoubtTests {
  private func measure(_ readings: [Reading], limits: GoodputLimits? = nil) -> TrialMeasurement {
    TrialMeasurement(entry: "e", trial: 0, readings: readings, limits: limits)
  }

  private func goodput(_ readings: [Reading], first: Int?, delay: Int?) -> Double? {
    let limits = GoodputLimits(
      timeToFirstToken: first.map { .milliseconds($0) }, delay: delay.map { .milliseconds($0) })
    return measure(readings, limits: limits).values[.goodput]
  }

  // The steady reader's first token takes 120 ms and its worst delay is 10 ms; the bunched one's 310 and 200.
  @Test func `goodput is the share of streams that meet every limit`() {
    let both = [Readings.steady, Readings.bunched]
    #expect(goodput(both, first: nil, delay: nil) == 1)
    #expect(goodput(both, first: 310, delay: 200) == 1)
    #expect(goodput(both, first: 309, delay: nil) == 0.5)
    #expect(goodput(both, first: nil, delay: 199) == 0.5)
    #expect(goodput(both, first: 120, delay: 10) == 0.5)
    #expect(goodput(both, first: 119, delay: 10) == 0)
    #expect(measure(both).values[.goodput] == nil)
    #expect(goodput([], first: nil, delay: nil) == nil)
  }

  @Test func `a stream with a fault is not good`() {
    var failed = Readings.steady
    failed.failure = "the connection ended before the stream did"
    var lacking = Readings.steady
    lacking.arrivals.removeLast()
    var altered = Readings.steady
    altered.arrivals[1].isIntact = false
    var empty = Readings.steady
    empty.arrivals = []
    for faulty in [failed, lacking, altered, empty] {
      #expect(goodput([faulty, Readings.steady], first: nil, delay: nil) == 0.5)
    }
  }

  @Test func `a stream that was stopped is good with the tokens it was to get, and no fewer`() {
    var left = Readings.steady
    left.arrivals.removeLast(2)
    left.expectedCount = 1
    var stopped = Readings.steady
    stopped.arrivals.removeLast()
    stopped.expectedCount = 2
    #expect(goodput([left, stopped], first: 120, delay: 10) == 1)
    #expect(measure([left, stopped]).ledger.delivered == 3)
    // One that came behind the word to stop, and was lost.
    stopped.expectedCount = 3
    #expect(goodput([left, stopped], first: nil, delay: nil) == 0.5)
    // One too many.
    left.expectedCount = 0
    #expect(goodput([left], first: nil, delay: nil) == 0)
  }

  @Test func `a stopped stream is held to the limits as any other`() {
    var late = Readings.bunched
    late.arrivals.removeLast()
    late.expectedCount = 2
    #expect(goodput([late], first: 310, delay: 200) == 1)
    #expect(goodput([late], first: 310, delay: 199) == 0)
    #expect(goodput([late], first: 309, delay: 200) == 0)
  }

  @Test func `lost segments and lost connections are doubts`() {
    var again = Readings.steady
    again.retransmissions = 2
    again.connections = 4
    let doubts = measure([again, again, Readings.steady]).doubts
    #expect(doubts == [.retransmissions(4), .keepAliveLost(6)])
    #expect(measure([Readings.steady, Readings.bunched]).doubts == [])
  }

  @Test func `at its limits a trial does not doubt itself`() {
    var trial = measure([Readings.steady])
    trial.doubts = []
    trial.readersProcessorShare = 0.8
    trial.serverProcessorShare = 0.8
    trial.longestWait = 0.05
    trial.eventLoopLagMilliseconds = 5
    trial.scheduleLatenessMilliseconds = 1
    trial.doubtItself()
    #expect(trial.doubts == [])
  }

  @Test func `past its limits it does`() {
    var trial = measure([Readings.steady])
    trial.doubts = []
    trial.readersProcessorShare = 0.81
    trial.serverProcessorShare = 0.9
    trial.longestWait = 0.06
    trial.eventLoopLagMilliseconds = 5.5
    trial.scheduleLatenessMilliseconds = 1.5
    trial.doubtItself()
    #expect(
      trial.doubts == [
        .readersBusy(share: 0.81), .serverBusy(share: 0.9), .processorsShared(share: 0.06),
        .eventLoopLag(milliseconds: 5.5), .scheduleLate(milliseconds: 1.5),
      ])
  }

  /// Two looks two seconds apart, between which the process used this much.
  private func usage(
    _ used: Duration, switches: Int
  ) throws -> (before: ProcessUsage, after: ProcessUsage) {
    var before = try #require(ProcessUsage(of: ProcessInfo.processInfo.processIdentifier))
    before.at = Instant(nanoseconds: 0)
    var after = before
    after.at = Instant(nanoseconds: 2_000_000_000)
    after.processorTime += used
    after.contextSwitches += switches
    return (before, after)
  }

  private func cost(
    _ used: Duration, switches: Int, idle: (used: Duration, switches: Int) = (.zero, 0)
  ) throws -> ProcessCost? {
    let (before, after) = try usage(used, switches: switches)
    let quiet = try usage(idle.used, switches: idle.switches)
    return ProcessCost(before, after, idle: ProcessPace(quiet.before, quiet.after))
  }

  @Test func `both ends' costs are less what they take idle`() throws {
    var trial = measure([Readings.steady])
    trial.add(
      server: try cost(.milliseconds(500), switches: 100, idle: (.milliseconds(200), 10)),
      readers: try cost(.milliseconds(800), switches: 7, idle: (.milliseconds(200), 0)))
    #expect(trial.serverProcessorShare == 0.25)
    #expect(trial.readersProcessorShare == 0.4)
    // 300 and 600 ms, and 90 switches, over three tokens.
    #expect(try abs(#require(trial.values[.serverProcessor]) - 100_000) < 0.001)
    #expect(try abs(#require(trial.values[.readersProcessor]) - 200_000) < 0.001)
    #expect(try abs(#require(trial.values[.bothProcessors]) - 300_000) < 0.001)
    #expect(trial.values[.contextSwitches] == 30)
  }

  // Cut off at zero, the median of costs that are smaller than what idling varies by would be too high.
  @Test func `costs may come out below zero, and need tokens`() throws {
    let little = try cost(.milliseconds(1), switches: 1, idle: (.milliseconds(200), 10))
    var trial = measure([Readings.steady])
    trial.add(server: little, readers: little)
    #expect(try abs(#require(trial.values[.serverProcessor]) + 199_000 / 3) < 0.001)
    #expect(trial.values[.contextSwitches] == -3)
    var empty = measure([])
    empty.add(server: little, readers: little)
    #expect(empty.values[.serverProcessor] == nil && empty.values[.bothProcessors] == nil)
    #expect(empty.serverProcessorShare == 0.0005)
  }

  @Test func `a server that is gone has no costs, and the sum has none either`() throws {
    var trial = measure([Readings.steady])
    trial.add(server: nil, readers: try cost(.milliseconds(3), switches: 0))
    #expect(trial.values[.serverProcessor] == nil && trial.values[.bothProcessors] == nil)
    #expect(trial.values[.readersProcessor] == 1_000)
  }
}
