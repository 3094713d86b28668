import Answers
import LabClient
import Measurement
import Readings
import Testing

@testable import Experiments
@testable import Results

@Suite struct ConditionTests {
  private static let yaml = """
    title: T
    question: Q
    prediction: P
    stream: {prompt: Why?, tokens: 40, rate: 50, think: 0.1}
    conditions:
      - name: small
      - name: large
        size: 16
        tokens: 30
      - {name: fast, rate: 200, jitter: 0, burst: 4, think: 0, prompt: How?}
    readers: 3
    transports:
      - {transport: websocket, name: w}
      - {transport: short-polling, name: s, interval: 0.01}
      - {transport: long-polling, name: l, baseline: s}
    baseline: w
    metrics: [delay_p50_ms, goodput_share]
    goodput: {ttft: 0.5, delay: 0.1}
    """

  @Test func `how the server sends is inherited key by key`() throws {
    let yaml = Self.yaml.replacing(
      "think: 0.1}", with: "think: 0.1, batch: {milliseconds: 20}, heartbeat: 2}"
    )
    .replacing("- name: small", with: "- {name: small, nagle: on}")
    .replacing("    size: 16", with: "    size: 16\n    batch: {tokens: 8}\n    heartbeat: 3")
    let options = try experiment(yaml).conditions.map(\.sourceArguments)
    #expect(
      options == [
        ["--batch-milliseconds=20.0", "--heartbeat=2.0", "--nagle"],
        ["--batch-tokens=8", "--heartbeat=3.0"],
        ["--batch-milliseconds=20.0", "--heartbeat=2.0"],
      ])
    for (given, words) in [
      ("batch: {}", "'batch' takes milliseconds, tokens or both"), ("batch: 40", "'batch'"),
      ("nagle: yes", "'nagle' takes on or off, not 'yes'"), ("heartbeat: 0", "'heartbeat' takes a number"),
    ] {
      let told = try mistake("think: 0.1}", "think: 0.1, \(given)}")
      #expect(told?.contains(words) ?? false, "\(told ?? "nothing")")
    }
  }

  private func experiment(_ yaml: String = yaml) throws -> Experiment {
    try Experiment(name: "02-x", yaml: yaml, file: "x.yml")
  }

  private func mistake(_ part: String, _ replacement: String) throws -> String? {
    try #require(Self.yaml.contains(part))
    let error = #expect(throws: ExperimentError.self) {
      try experiment(Self.yaml.replacing(part, with: replacement, maxReplacements: 1))
    }
    return error?.description
  }

  @Test func `a condition changes what it states and keeps the rest`() throws {
    let conditions = try experiment().conditions
    let pacing = Pacing(think: .milliseconds(100), rate: 50)
    #expect(conditions.map(\.name) == ["small", "large", "fast"])
    #expect(conditions.map(\.prompt) == ["Why?", "Why?", "How?"])
    #expect(conditions.map(\.tokens) == [40, 30, 40])
    #expect(conditions.map(\.tokenSize) == [1, 16, 1])
    #expect(conditions[0].pacing == pacing)
    #expect(conditions[1].pacing == pacing)
    #expect(conditions[2].pacing == Pacing(think: .zero, rate: 200, jitter: 0, burst: 4))
  }

  @Test func `conditions cross the variants`() throws {
    #expect(
      try experiment().entries.map(\.name) == [
        "w, small", "s, small", "l, small", "w, large", "s, large", "l, large", "w, fast", "s, fast",
        "l, fast",
      ])
  }

  @Test func `an entry is compared under its own condition`() throws {
    let experiment = try experiment()
    #expect(experiment.ownBaselines == ["l": "s"])
    #expect(
      experiment.entries.map(experiment.baseline) == [
        "w, small", "w, small", "s, small", "w, large", "w, large", "s, large", "w, fast", "w, fast",
        "s, fast",
      ])
  }

  @Test func `a condition's baseline is that of every variant without its own`() throws {
    let yaml = Self.yaml.replacing("burst: 4,", with: "burst: 4, baseline: small,")
    let experiment = try experiment(yaml)
    #expect(experiment.entries.suffix(3).map(experiment.baseline) == ["w, small", "s, small", "s, fast"])
  }

  @Test func `without a baseline the first variant is it`() throws {
    let yaml = Self.yaml.replacing("baseline: w\n", with: "").replacing("name: w", with: "name: first")
    #expect(try experiment(yaml).baseline == "first")
  }

  @Test func `each condition asks its own question`() throws {
    let experiment = try experiment()
    let question = experiment.question(.init(trial: 2), reader: 0, experiment.conditions[1])
    #expect(question.tokenCount == 30)
    #expect(question.tokenSize == 16)
    #expect(experiment.samplesPerTrial == 90)
    #expect(
      experiment.goodput == GoodputLimits(timeToFirstToken: .milliseconds(500), delay: .milliseconds(100)))
  }

  @Test func `names that lead nowhere are named with their lines`() throws {
    #expect(
      try mistake("baseline: w\n", "baseline: x\n")
        == "x.yml:16: 'baseline' is 'x', but no entry of 'transports' has that name")
    #expect(
      try mistake("baseline: s}", "baseline: y}")
        == "x.yml:15: 'baseline' is 'y', but no entry of 'transports' has that name")
    #expect(
      try mistake("baseline: s}", "baseline: [s]}")
        == "x.yml:15: 'baseline' takes a text")
    let message = try #require(try mistake("[delay_p50_ms,", "[delay_p51_ms,"))
    #expect(message.hasPrefix("x.yml:17: 'delay_p51_ms' is not a metric (did you mean delay_p50_ms?)"))
    #expect(message.hasSuffix(", \(Metric.allCases.last!.rawValue)"))
  }

  @Test(arguments: [
    ("rate: 50", "rate: 0", 4, "'rate' takes a number from 0.01 to 100000.0"),
    ("rate: 200", "rate: 0", 10, "'rate' takes a number from 0.01 to 100000.0"),
    ("readers: 3", "trials: 0", 11, "'trials' takes a whole number from 1 to 10000"),
    ("    size: 16", "    size: 0", 8, "'size' takes a whole number from 1 to 1000"),
    ("ttft: 0.5", "ttft: 0", 18, "'ttft' takes a number from 0.0001 to 3600.0"),
    (
      "ttft: 0.5", "tft: 0.5", 18,
      "'tft' is not a key of 'goodput' (did you mean ttft?); its keys are ttft, delay"
    ),
    ("name: small", "size: 2", 6, "an entry of 'conditions' lacks 'name'"),
    ("[delay_p50_ms, goodput_share]", "[]", 17, "'metrics' takes a list with at least one entry"),
    (
      "name: large", "name: small", 6,
      "two entries of 'conditions' are called 'small': give one of them another 'name'"
    ),
  ])
  func `a wrong value is named with its line`(
    _ part: String, _ replacement: String, _ line: Int, _ text: String
  ) throws {
    #expect(try mistake(part, replacement) == "x.yml:\(line): \(text)")
  }

  // The condition with the fewest tokens decides: 3 readers of 30.
  @Test func `a percentile that the samples cannot carry is refused with the numbers`() throws {
    let message = try mistake("delay_p50_ms,", "delay_p99_ms,")
    #expect(
      message == "x.yml:17: delay_p99_ms needs 500 tokens per trial; 3 readers of 30 tokens give 90: "
        + "raise 'readers' or 'tokens'")
  }

  @Test func `readers that stop give as many samples as they take`() throws {
    let stopping = Self.yaml.replacing("readers: 3", with: "readers: 400")
      .replacing("short-polling, name: s, interval: 0.01", with: "websocket, name: s")
      .replacing("prompt: Why?", with: "stop: 1, prompt: Why?").replacing(
        "delay_p50_ms", with: "delay_p99_ms")
    let error = #expect(throws: ExperimentError.self) { try experiment(stopping) }
    #expect(error?.description.contains("; 400 readers of 1 tokens give 400: ") == true)
  }

  @Test func `a condition's own readers give its samples`() throws {
    let own = Self.yaml.replacing("- name: small", with: "- {name: small, readers: 2}")
      .replacing("delay_p50_ms", with: "delay_p99_ms")
    let error = #expect(throws: ExperimentError.self) { try experiment(own) }
    #expect(error?.description.contains("; 2 readers of ") == true)
  }

  // 500 tokens of 20 readers have 480 gaps between them.
  @Test func `a percentile of gaps needs the gaps`() throws {
    let enough = Self.yaml.replacing("readers: 3", with: "readers: 20").replacing(
      "tokens: 30", with: "tokens: 25")
    #expect(try experiment(enough.replacing("delay_p50_ms", with: "delay_p99_ms")).samplesPerTrial == 500)
    let error = #expect(throws: ExperimentError.self) {
      try experiment(enough.replacing("delay_p50_ms", with: "gap_p99_ms"))
    }
    #expect(
      error?.description
        == "x.yml:17: gap_p99_ms needs 500 gaps per trial; 20 readers of 25 tokens give 480: "
        + "raise 'readers' or 'tokens'")
  }

  // Of a second of tokens, polled each fifth of it.
  @Test(arguments: [
    ("tokens: 101", true), ("tokens: 100", false), ("tokens: 101, stop: 3", true),
    ("tokens: 100, stop: 3", false),
  ])
  func `an answer lasts five polls, wherever readers stop it`(_ length: String, isTaken: Bool) throws {
    let yaml = """
      title: T
      question: Q
      prediction: P
      stream: {prompt: x, rate: 100, think: 0, \(length)}
      transports: [{transport: short-polling, interval: 0.2}]
      metrics: [requests_per_token]
      """
    let made = Result { try Experiment(name: "01-x", yaml: yaml, file: "x.yml") }
    #expect((try? made.get()) != nil || !isTaken)
    if case .failure(let error) = made {
      #expect(!isTaken)
      #expect("\(error)".contains("less than 5 intervals of 'short-polling'"))
    } else {
      #expect(isTaken)
    }
  }
}
