import Machine
import Measurement
import Testing

@testable import Experiments
@testable import Results

@Suite struct SummaryTests {
  private func result(
    _ values: [(entry: String, trial: Int, delay: Double?)], build: String = "release"
  ) throws -> RunResult {
    let yaml = """
      {title: T, question: Q, prediction: P, stream: {prompt: x}, metrics: [delay_p50_ms],
       transports: [{transport: websocket, name: w}, {transport: long-polling, name: l}]}
      """
    var environment = RunEnvironment(processors: Processors(), engine: "lws")
    environment.build = build
    var result = RunResult(
      try Experiment(name: "01-x", yaml: yaml, file: "x.yml"), command: "c", environment: environment)
    result.trials = values.map { entry, trial, delay in
      var measurement = TrialMeasurement(entry: entry, trial: trial, readings: [])
      measurement.values[.delayMedian] = delay
      return measurement
    }
    return result
  }

  @Test func `the baseline differs from nothing, the others from it`() throws {
    let result = try result([("w", 0, 1), ("l", 0, 4), ("l", 1, 7), ("w", 1, 2)])
    let entries = result.plan.entries
    #expect(result.difference(.delayMedian, of: entries[0], comparisons: 1) == nil)
    let difference = try #require(result.difference(.delayMedian, of: entries[1], comparisons: 1))
    #expect(difference == PairedDifference(runs: [[(entry: 4, baseline: 1), (entry: 7, baseline: 2)]]))
    #expect(result.difference(.requests, of: entries[1], comparisons: 1) == nil)
  }

  // Only trials that both have say anything of the difference.
  @Test func `a trial without a number is left out of the pairs`() throws {
    let result = try result([
      ("w", 0, 10), ("w", 1, 20), ("w", 2, 30), ("w", 3, 40), ("l", 0, nil), ("l", 1, 21), ("l", 2, 31),
      ("l", 3, 41),
    ])
    let difference = try #require(
      result.difference(.delayMedian, of: result.plan.entries[1], comparisons: 1))
    #expect(difference.estimate.median == 1)
    #expect(difference.estimate.count == 3)
  }

  @Test func `trials are paired within their runs, and runs compared by their medians`() throws {
    var result = try result([("w", 0, 1), ("l", 0, 4), ("w", 0, 10), ("l", 0, 30)])
    for index in [2, 3] { result.trials[index].run = 1 }
    #expect(result.values(.delayMedian, of: "w") == [[1], [10]])
    #expect(result.estimate(.delayMedian, of: "w")?.basis == .runs)
    let difference = try #require(
      result.difference(.delayMedian, of: result.plan.entries[1], comparisons: 1))
    #expect(difference.estimate.basis == .runs)
    #expect((difference.estimate.least, difference.estimate.greatest) == (3, 20))
  }

  @Test func `each kind of doubt comes once, the worst`() throws {
    var result = try result([("w", 0, 1), ("w", 1, 1), ("l", 0, 1)])
    result.trials[0].doubts = [.retransmissions(2), .tooFewSamples(.delay99, count: 5)]
    result.trials[1].doubts = [
      .retransmissions(7), .tooFewSamples(.gap99, count: 5), .tooFewSamples(.delay99, count: 3),
    ]
    result.trials[2].doubts = [.retransmissions(99)]
    #expect(
      result.doubts(of: "w") == [
        .retransmissions(7), .tooFewSamples(.delay99, count: 3), .tooFewSamples(.gap99, count: 5),
      ])
    #expect(result.doubts(of: "absent") == [])
  }

  @Test func `a run that was interrupted is no repetition of whole ones`() throws {
    var result = try result((0..<6).map { ("w", $0, 1) } + (0..<6).map { ("w", $0, 3) } + [("w", 0, 99)])
    for index in result.trials.indices { result.trials[index].run = index / 6 }
    #expect(result.plan.trials == 6 && result.countedRuns == [0, 1])
    #expect(result.estimate(.delayMedian, of: "w")?.median == 2)
    // Nothing that stands beside these numbers is of it: no tokens, no doubts, no lag.
    for index in result.trials.indices { result.trials[index].ledger.delivered = 10 }
    result.trials[12].doubts = [.retransmissions(3)]
    result.trials[12].eventLoopLagMilliseconds = 50
    #expect(result.countedTrials.count == 12 && result.wholeTrials == 13)
    #expect(result.ledger(of: "w").delivered == 120 && result.doubts(of: "w") == [])
    #expect(result.noiseFloor?.worstEventLoopLagMilliseconds == 0)
    // Where there is no whole one it is what there is.
    result.trials.removeFirst(12)
    #expect(result.countedRuns == [2] && result.estimate(.delayMedian, of: "w")?.median == 99)
  }

  // One that a stall left with too few is not left out alone: the others would be the calm ones.
  @Test func `all trials of an entry show a percentile, or none`() throws {
    var result = try result([("w", 0, 1), ("w", 1, 1), ("w", 2, 1), ("l", 0, 1), ("l", 1, 1), ("l", 2, 1)])
    for (index, samples) in [900, 20, 500, 499, 20, 900].enumerated() {
      result.trials[index].values[.delay99] = Double(index)
      result.trials[index].effectiveSamples = [.delay99: samples]
    }
    #expect(result.values(.delay99, of: "w") == [[0, 1, 2]])
    #expect(result.doubts(of: "w") == [])
    #expect(result.values(.delay99, of: "l") == [] && result.estimate(.delay99, of: "l") == nil)
    #expect(result.doubts(of: "l") == [.tooFewSamples(.delay99, count: 499)])
    #expect(result.difference(.delay99, of: result.plan.entries[1], comparisons: 1) == nil)
    #expect((result.effectiveDelays(of: "w"), result.effectiveDelays(of: "l")) == (1_420, 1_419))
    #expect(result.effectiveDelays(of: "absent") == nil)
  }

  @Test func `a number that not every trial has says so`() throws {
    let result = try result([("w", 0, 1), ("w", 1, nil), ("w", 2, 3), ("l", 0, nil), ("l", 1, nil)])
    #expect(result.doubts(of: "w") == [.fewerTrials([.delayMedian], having: 2, of: 3)])
    #expect(result.doubts(of: "l") == [])
    #expect(result.doubts(of: "w")[0].text == "only 2 of 3 trials have this number")
  }

  @Test func `a debug build is a doubt of every entry`() throws {
    let result = try result([("w", 0, 1)], build: "debug")
    #expect(result.doubts(of: "w") == [.debugBuild])
    #expect(result.doubts(of: "l") == [.debugBuild])
  }

  @Test func `the noise floor is the lab's own`() throws {
    var result = try result([("w", 0, 1), ("w", 1, 1), ("l", 0, 1)])
    #expect(result.noiseFloor == nil)
    for index in result.trials.indices {
      result.trials[index].ledger.delivered = 10
      result.trials[index].readersProcessorShare = [0.1, 0.3, 0.2][index]
      result.trials[index].eventLoopLagMilliseconds = [0.5, 9, 0.7][index]
      result.trials[index].scheduleLatenessMilliseconds = [0.01, 0.03, 0.02][index]
    }
    let floor = try #require(result.noiseFloor)
    #expect(floor.readersProcessorShare == 0.3)
    #expect(floor.eventLoopLagMilliseconds == 0.7)
    #expect(floor.worstEventLoopLagMilliseconds == 9)
    #expect(floor.scheduleLatenessMilliseconds == 0.02)
  }

  @Test func `a sample of a Prometheus text`() {
    let text = "# TYPE a counter\na_total 7\na_total{x=\"1\"} 9\nb 0.5\nbad x\n"
    #expect(metric("a_total", in: text) == 7)
    #expect(metric("a_total{x=\"1\"}", in: text) == 9)
    #expect(metric("b", in: text) == 0.5)
    #expect(metric("bad", in: text) == nil)
    #expect(metric("a", in: text) == nil)
  }
}
