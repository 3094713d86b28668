import Answers
import Experiments
import MonotonicTime
import Testing
import Wire

@testable import Results

@Suite struct ExperimentTests {
  private func experiment(seed: Int = 1) throws -> Experiment {
    let yaml = """
      title: T
      question: Q
      prediction: P
      stream: {prompt: Why?, tokens: 48, rate: 40, think: 0.2}
      readers: 8
      transports:
        - {transport: short-polling, name: a}
        - {transport: short-polling, name: b}
        - {transport: short-polling, name: c}
        - {transport: long-polling}
        - {transport: server-sent-events}
        - {transport: websocket}
      trials: 5
      seed: \(seed)
      metrics: [delay_p50_ms]
      """
    return try Experiment(name: "01-x", yaml: yaml, file: "x.yml")
  }

  @Test func `a trial's order holds each entry once`() throws {
    let experiment = try experiment()
    for trial in 0..<20 {
      let order = experiment.order(.init(trial: trial))
      #expect(order.count == experiment.entries.count)
      #expect(Set(order) == Set(experiment.entries))
    }
  }

  @Test func `the order comes from the seed`() throws {
    for trial in 0..<5 {
      #expect(try experiment().order(.init(trial: trial)) == experiment().order(.init(trial: trial)))
    }
    let orders = try (1...5).map { try experiment(seed: $0).order(.init(trial: 0)).map(\.name) }
    #expect(Set(orders).count > 1)
  }

  @Test func `the order differs between trials, and each entry comes first some time`() throws {
    let orders = try (0..<60).map { try experiment().order(.init(trial: $0)) }
    #expect(Set(orders).count > 30)
    #expect(Set(orders.compactMap(\.first)) == Set(try experiment().entries))
  }

  @Test func `a reader's question has the experiment's stream, and a seed of its own`() throws {
    let experiment = try experiment(seed: 10)
    let question = experiment.question(.init(trial: 3), reader: 2, experiment.conditions[0])
    #expect(question.prompt == "Why?" && question.tokenCount == 48)
    #expect(question.pacing == Pacing(think: .milliseconds(200), rate: 40))
    #expect(QuestionFields.seed.contains(Int(question.seed)))
    #expect(question == experiment.question(.init(trial: 3), reader: 2, experiment.conditions[0]))
  }

  @Test func `no two readers, trials, runs or seeds share a schedule`() throws {
    var offsets: Set<[Duration]> = []
    for seed in 1...2 {
      let experiment = try experiment(seed: seed)
      for run in 0..<3 {
        for trial in 0..<4 {
          for reader in 0..<8 {
            let place = TrialPlace(run: run, trial: trial)
            offsets.insert(experiment.question(place, reader: reader, experiment.conditions[0]).offsets)
          }
        }
      }
    }
    #expect(offsets.count == 2 * 3 * 4 * 8)
  }

  @Test func `runs take their trials in orders of their own`() throws {
    let experiment = try experiment()
    let orders = (0..<20).map { experiment.order(.init(run: $0, trial: 0)).map(\.name) }
    #expect(Set(orders).count > 10)
  }

  @Test func `what the turns take by their schedules`() throws {
    var experiment = try experiment()
    // 0.2 s, and 47 gaps of a fortieth: six entries, five trials and a warm-up.
    let run = 6 * 6 * (0.2 + 47.0 / 40)
    #expect(abs(experiment.expectedLength.inSeconds - run) < 1e-6)
    experiment.runs = 3
    #expect(abs(experiment.expectedLength.inSeconds - 3 * run) < 1e-6)
    experiment.runSpacing = .seconds(600)
    #expect(abs(experiment.expectedLength.inSeconds - (1_200 + run)) < 1e-6)
  }

  @Test func `what turns wait for is part of how long they take`() throws {
    let yaml = """
      {title: T, question: Q, prediction: P, stream: {prompt: x, tokens: 21, rate: 20, think: 1},
       serve: {stall-time: 7}, trials: 8, transports: [{transport: websocket, recover: resume}], conditions: [CONDITION]}
      """
    func length(_ condition: String) throws -> Double {
      try Experiment(name: "x", yaml: yaml.replacing("CONDITION", with: condition), file: "x.yml")
        .expectedLength.inSeconds
    }
    #expect(try length("{name: a}") == 9 * 2)
    #expect(try length("{name: a, fault: reset}") == 9 * 3)
    #expect(try length("{name: a, stalled: 10}") == 9 * 14)
  }

  @Test func `a look is not called by numbers that are not its own`() throws {
    var experiment = try experiment()
    experiment.conditions[0].name = "400 readers"
    experiment.conditions[0].readers = 400
    experiment.conditions[0].baseline = "400 readers"
    let quick = experiment.quick
    #expect(quick.isQuick && !experiment.isQuick)
    #expect(quick.conditions[0].name == "400 readers, here 8")
    #expect(quick.conditions[0].baseline == "400 readers, here 8")
  }

  @Test func `a quick look is cut down`() throws {
    let experiment = try experiment()
    let quick = experiment.quick
    #expect(quick.trials == 2)
    #expect(quick.warmUps == 0)
    #expect(quick.readers == 2)
    #expect(quick.conditions.map(\.tokens) == [12])
    #expect(quick.conditions[0].prompt == experiment.conditions[0].prompt)
    #expect(quick.conditions[0].pacing == experiment.conditions[0].pacing)
    #expect(quick.variants == experiment.variants)
    #expect(quick.name == experiment.name)
  }

  @Test func `a quick look stops earlier in an answer that goes on`() throws {
    var experiment = try experiment()
    experiment.conditions[0].tokens = 400
    experiment.conditions[0].stopAfter = 30
    #expect(experiment.quick.conditions[0].tokens == 400)
    #expect(experiment.quick.conditions[0].stopAfter == 12)
    experiment.conditions[0].stopAfter = 5
    #expect(experiment.quick.conditions[0].stopAfter == 5)
  }

  @Test func `a quick look never adds`() throws {
    var experiment = try experiment()
    experiment.trials = 1
    experiment.readers = 1
    experiment.conditions[0].tokens = 3
    let quick = experiment.quick
    #expect(quick.trials == 1)
    #expect(quick.readers == 1)
    #expect(quick.conditions[0].tokens == 3)
  }
}
