import Experiments
import Testing
import TokenStream

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
      let order = experiment.order(trial: trial)
      #expect(order.count == experiment.entries.count)
      #expect(Set(order) == Set(experiment.entries))
    }
  }

  @Test func `the order comes from the seed`() throws {
    for trial in 0..<5 {
      #expect(try experiment().order(trial: trial) == experiment().order(trial: trial))
    }
    let orders = try (1...5).map { try experiment(seed: $0).order(trial: 0).map(\.name) }
    #expect(Set(orders).count > 1)
  }

  @Test func `the order differs between trials, and each entry comes first some time`() throws {
    let orders = try (0..<60).map { try experiment().order(trial: $0) }
    #expect(Set(orders).count > 30)
    #expect(Set(orders.compactMap(\.first)) == Set(try experiment().entries))
  }

  @Test func `a trial's question has the experiment's stream and a seed of its own`() throws {
    let experiment = try experiment(seed: 10)
    let condition = experiment.conditions[0]
    let pacing = Pacing(think: .milliseconds(200), rate: 40)
    let asked = Question(prompt: "Why?", seed: 13, tokenCount: 48, pacing: pacing)
    #expect(experiment.question(trial: 3, condition) == asked)
    #expect(experiment.question(trial: 0, condition).epoch != experiment.question(trial: 1, condition).epoch)
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
