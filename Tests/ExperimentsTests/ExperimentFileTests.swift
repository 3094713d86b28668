import Answers
import Experiments
import LabClient
import Measurement
import Readings
import Testing

@testable import Results

@Suite struct ExperimentFileTests {
  private func experiment(_ yaml: String) throws -> Experiment {
    try Experiment(name: "01-x", yaml: yaml, file: "x.yml")
  }

  @Test func `a whole file`() throws {
    let experiment = try experiment(ExampleFiles.whole)
    #expect(experiment.name == "01-x")
    #expect(experiment.title == "The typewriter")
    #expect(experiment.question == "How long does a token take?")
    #expect(experiment.prediction == "Short polling delays tokens by half its interval.")
    #expect(experiment.conditions.map(\.name) == [""])
    #expect(experiment.conditions[0].prompt == "Why is the sky blue?")
    #expect(experiment.conditions[0].tokens == 48)
    #expect(experiment.conditions[0].tokenSize == 1)
    let pacing = Pacing(think: .milliseconds(200), rate: 40, jitter: 0.5, burst: 2)
    #expect(experiment.conditions[0].pacing == pacing)
    #expect(experiment.readers == 8)
    #expect(experiment.trials == 7)
    #expect(experiment.warmUps == 1)
    #expect(experiment.seed == 3)
    #expect(experiment.metrics == [.delayMedian, .requests])
    #expect(
      experiment.variants == [
        Variant(name: "poll 100 ms", transport: .shortPolling, pollInterval: .milliseconds(100)),
        Variant(transport: .longPolling, wait: .seconds(10)),
        Variant(transport: .webSocket),
      ])
  }

  @Test func `what a file may leave out`() throws {
    let experiment = try experiment(ExampleFiles.least)
    #expect(experiment.conditions.count == 1)
    #expect(experiment.conditions[0].tokens == 200)
    #expect(experiment.conditions[0].pacing == Pacing())
    #expect(experiment.readers == 1)
    #expect(experiment.trials == 6)
    #expect(experiment.runs == 1)
    #expect(experiment.memoryConnections == nil)
    #expect(experiment.seed == 1)
    #expect(experiment.variants == [Variant(transport: .webSocket)])
    #expect(experiment.baseline == "websocket")
    #expect(experiment.ownBaselines == [:])
    #expect(experiment.goodput == nil)
  }

  @Test func `what happens to readers, and what they do about it`() throws {
    let experiment = try experiment(ExampleFiles.troubled)
    let conditions = experiment.conditions
    #expect(conditions.map(\.disturbance) == [nil, .fault(.reset), .restart, nil])
    #expect(conditions.map(\.stopAfter) == [30, 30, 10, 30])
    #expect(conditions.map(\.stalled) == [0, 0, 0, 100])
    #expect(conditions.map(experiment.readers(under:)) == [1, 1, 1, 7])
    #expect(experiment.quick.conditions.map(\.readers) == [nil, nil, nil, 1])
    #expect(experiment.tokensPerSecond == 7 * 30)
    #expect(experiment.samplesPerTrial == 10)
    let baselines = experiment.entries.map(experiment.baseline(of:))
    #expect(baselines.prefix(4).allSatisfy { $0 == "a, calm" })
    #expect(baselines.suffix(4) == ["a, calm", "b, calm", "c, calm", "d, calm"])
    #expect(experiment.serverArguments == ["--stall-time=7", "--max-streams=50"])
    #expect(
      experiment.variants.map(\.recovery) == [
        .resume(Resumption(silence: .seconds(2))), .naive, .resume(Resumption(silence: .seconds(45))), .none,
      ])
    #expect(experiment.variants.map(\.stopping) == [.message, .delete, .close, .delete])
    #expect(experiment.naive.variants.map(\.recovery) == [.naive, .naive, .naive, .none])
  }

  @Test func `what is reckoned up, and against which machine`() throws {
    #expect(try experiment(ExampleFiles.least).scale == nil)
    let scale = try experiment(ExampleFiles.least + "\nscale: {readers: 5000, network_gbit: 2.5}").scale
    #expect(
      scale
        == ScaleAssumptions(
          readers: 5_000, processors: 64, memoryGigabytes: 256, networkGigabits: 2.5, descriptors: 1_048_576))
  }

  // With 250 tokens each, two readers' delays carry a p99, and their 498 gaps do not.
  @Test func `unasked, only what the samples carry is shown`() throws {
    let metrics: [Metric] = [
      .timeToFirstTokenCold, .delayMedian, .delay99, .gap99, .requests, .bytesDown, .bytesUp,
      .serverProcessor,
    ]
    let unasked = ExampleFiles.least.replacing("metrics: [delay_p50_ms]", with: "")
    func shown(_ tokens: Int) throws -> [Metric] {
      try experiment(unasked.replacing("Why?", with: "Why?\n  tokens: \(tokens)\nreaders: 2")).metrics
    }
    #expect(try shown(249) == metrics.filter { $0 != .delay99 && $0 != .gap99 })
    #expect(try shown(250) == metrics.filter { $0 != .gap99 })
    #expect(try shown(251) == metrics)
    #expect(
      try experiment(unasked.replacing("Why?", with: "Why?\n  tokens: 9999")).metrics.contains(.delay99)
        == false)
  }

  // Both ends compute the schedule, so the think time has to be exact to the nanosecond.
  @Test(arguments: [9, 35, 71, 273])
  func `a think time is exact`(_ milliseconds: Int) throws {
    let yaml = ExampleFiles.least.replacing(
      "  prompt: Why?", with: "  prompt: Why?\n  think: \(Double(milliseconds) / 1_000)")
    #expect(try experiment(yaml).conditions[0].pacing.think == .milliseconds(milliseconds))
  }
}
