import Foundation
import LabClient
import Measurement
import MonotonicTime
import Readings
import Testing

@testable import Experiments
@testable import Machine
@testable import Results

@Suite struct RunResultTests {
  private let experiment: Experiment

  init() throws {
    let yaml = """
      title: T
      question: Q
      prediction: P
      stream: {prompt: Why?, tokens: 2, size: 3, rate: 20, think: 2.5}
      readers: 4
      transports:
        - {transport: websocket, name: w}
        - {transport: short-polling, name: s, interval: 0.5}
      metrics: [delay_p50_ms]
      trials: 4
      seed: 9
      """
    experiment = try Experiment(name: "01-x", yaml: yaml, file: "x.yml")
  }

  private var reading: Reading {
    var reading = Reading(
      asked: Instant(nanoseconds: 0), started: Instant(nanoseconds: 5_000_000),
      offsets: [.milliseconds(1), .milliseconds(3)])
    reading.arrivals = [7, 9].enumerated().map { index, at in
      Arrival(index: index, at: Instant(nanoseconds: at * 1_000_000), isIntact: true)
    }
    return reading
  }

  private var empty: RunResult {
    RunResult(
      experiment, command: "pushlab run 01-x",
      environment: RunEnvironment(processors: Processors(), engine: "lws"))
  }

  /// A trial with this delay, and one of its two tokens lost where so told.
  private func trial(
    _ entry: String, _ number: Int, delay: Double, losing: Bool = false, failure: String? = nil
  ) -> TrialMeasurement {
    var reading = reading
    reading.failure = failure
    if losing { reading.arrivals.removeLast() }
    var trial = TrialMeasurement(
      entry: entry, trial: number, readings: [reading])
    trial.values = [.delayMedian: delay]
    trial.scheduleLatenessMilliseconds = 0.03
    return trial
  }

  private var result: RunResult {
    var result = empty
    result.trials = [
      trial("w", 0, delay: 1), trial("s", 0, delay: 100), trial("s", 2, delay: 320),
      trial("w", 1, delay: 3, losing: true, failure: "b"), trial("s", 1, delay: 300),
      trial("w", 2, delay: 2, failure: "a"), trial("w", 3, delay: 2, failure: "b"),
    ]
    return result
  }

  @Test func `it carries what the experiment says`() {
    #expect(result.version == 3)
    #expect(result.experiment == "01-x")
    #expect(result.title == "T")
    #expect(result.question == "Q")
    #expect(result.prediction == "P")
    #expect(result.command == "pushlab run 01-x")
    #expect(result.environment.engine == "lws")
    #expect(!result.isInterrupted)
  }

  @Test func `the plan is what was planned`() {
    let plan = result.plan
    #expect(plan.seed == 9)
    #expect(plan.trials == 4)
    #expect(plan.warmUps == 1)
    #expect(plan.readers == 4)
    #expect(plan.tokensPerTrial == 8)
    #expect(plan.entries.map(\.name) == ["w", "s"])
    #expect(plan.entries.map(\.transport) == ["websocket", "short-polling"])
    #expect(plan.entries.map(\.baseline) == ["w", "w"])
    #expect(plan.entries.map(\.pollIntervalSeconds) == [0.25, 0.5])
    #expect(plan.entries.map(\.tokenRate) == [20, 20])
    #expect(plan.entries.map(\.tokenSize) == [3, 3])
    #expect(plan.order == (0..<4).map { experiment.order(.init(trial: $0)).map(\.name) })
    #expect(plan.metrics == [.delayMedian])
  }

  @Test func `an estimate takes its entry's trials`() {
    #expect(result.values(.delayMedian, of: "s") == [[100, 300, 320]])
    #expect(result.estimate(.delayMedian, of: "w") == Estimate([1, 3, 2, 2]))
    #expect(result.estimate(.delayMedian, of: "s")?.median == 300)
    #expect(result.estimate(.bytesUp, of: "w") == nil)
    #expect(result.estimate(.delayMedian, of: "absent") == nil)
  }

  @Test func `ledgers add up and failures come once`() {
    #expect(result.ledger(of: "w").delivered == 7)
    #expect(result.ledger(of: "w").lost == 1)
    #expect(result.ledger(of: "s").isClean)
    #expect(result.failures(of: "w") == ["a", "b"])
    #expect(result.failures(of: "s") == [])
  }

  @Test func `the first reader's first trial is the staircase`() {
    var result = empty
    var other = reading
    other.arrivals = []
    result.add(trial("w", 0, delay: 1), readings: [reading, other])
    result.add(trial("w", 1, delay: 2), readings: [other])
    #expect(result.trials.count == 2)
    #expect(
      result.staircases == [
        "w": [.init(milliseconds: 2, tokens: 1), .init(milliseconds: 4, tokens: 2)],
        "intended": [.init(milliseconds: 1, tokens: 1), .init(milliseconds: 3, tokens: 2)],
      ])
    #expect(RunResult.schedule(of: "fast") == "intended, fast")
  }

  @Test func `its JSON reads back whole`() throws {
    let json = try result.json
    let back = try JSONDecoder().decode(RunResult.self, from: json)
    #expect(try back.json == json)
    #expect(back.trials.map(\.values) == result.trials.map(\.values))
    #expect(back.plan.order == result.plan.order)
    #expect(String(decoding: json, as: UTF8.self).hasSuffix("\n}\n"))
  }

  // What is documented, and read by others: a new name here is a new version of the file.
  @Test func `the names of a file's fields`() throws {
    let json = try #require(try JSONSerialization.jsonObject(with: result.json) as? [String: Any])
    #expect(
      json.keys.sorted() == [
        "command", "distributions", "environment", "experiment", "experimentFile", "isInterrupted", "memory",
        "plan", "prediction", "question", "staircases", "title", "trials", "version",
      ])
    let trial = try #require((json["trials"] as? [[String: Any]])?.first)
    #expect(
      trial.keys.sorted() == [
        "doubts", "effectiveSamples", "entry", "eventLoopLagMilliseconds", "failures", "ledger",
        "longestWait",
        "readersProcessorShare",
        "run", "scheduleLatenessMilliseconds", "serverProcessorShare", "trial", "values",
      ])
    #expect(trial["values"] as? [String: Double] == ["delay_p50_ms": 1])
  }
}
