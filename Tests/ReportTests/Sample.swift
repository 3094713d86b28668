import LabClient
import MonotonicTime

@testable import Experiments
@testable import Measurement

/// A hand-made result: two transports against a baseline, five trials.
enum Sample {
  private static let yaml = """
    title: The typewriter
    question: How long does a token take to reach its reader?
    prediction: Polling delays tokens by half its interval.
    stream: {prompt: Why?, tokens: 48, rate: 40}
    readers: 11
    transports:
      - {transport: short-polling, name: poll 100 ms, interval: 0.1}
      - {transport: server-sent-events}
      - {transport: websocket}
    baseline: server-sent-events
    metrics: [delay_p50_ms, delay_p99_ms, requests_per_token, bytes_down_per_token, server_cpu_us_per_token]
    seed: 7
    """

  static let names = ["poll 100 ms", "server-sent-events", "websocket"]

  private static var environment: RunEnvironment {
    var processors = Processors()
    processors.allowed = [0, 1, 2]
    processors.server = [0]
    processors.readers = [1, 2]
    var environment = RunEnvironment(processors: processors, engine: "libwebsockets 4.3.5, epoll")
    environment.date = "2025-01-31T12:00:00Z"
    environment.kernel = "Linux 6.8.0"
    environment.processor = "Imaginary 3000"
    environment.build = "release"
    environment.descriptorLimit = 1_024
    return environment
  }

  /// What every entry costs, trial by trial: the websocket is cheaper in bytes, and no faster.
  private static let values: [String: [Metric: [Double]]] = [
    "poll 100 ms": [
      .delayMedian: [50.2, 49.1, 51.3, 50.7, 48.8], .delay99: [99.2, 99.8, 98.7, 99.4, 99.1],
      .requests: [0.25, 0.25, 0.26, 0.25, 0.24], .bytesDown: [141.5, 140.2, 143.8, 141.9, 139.7],
      .serverProcessor: [31.2, 30.5, 32.8, 31.9, 30.1],
    ],
    "server-sent-events": [
      .delayMedian: [0.21, 0.19, 0.22, 0.2, 0.23], .delay99: [0.61, 0.58, 0.7, 0.66, 0.59],
      .requests: [0.0208, 0.0208, 0.0208, 0.0208, 0.0208], .bytesDown: [88.1, 88.1, 88.1, 88.1, 88.1],
      .serverProcessor: [9.7, 9.2, 10.4, 9.9, 9.4],
    ],
    "websocket": [
      .delayMedian: [0.2, 0.21, 0.21, 0.19, 0.24], .delay99: [0.64, 0.55, 0.72, 0.61, 0.62],
      .requests: [0.0208, 0.0208, 0.0208, 0.0208, 0.0208], .bytesDown: [38.4, 38.4, 38.4, 38.4, 38.4],
      .serverProcessor: [8.1, 7.9, 8.8, 8.3, 7.7],
    ],
  ]

  private static func trial(_ entry: String, _ number: Int) -> TrialMeasurement {
    var trial = TrialMeasurement(entry: entry, trial: number, readings: [])
    trial.ledger.delivered = 528
    trial.values = (values[entry] ?? [:]).mapValues { $0[number] }
    trial.readersProcessorMicroseconds = 5_280
    trial.readersProcessorShare = 0.1 + Double(number) / 100
    trial.eventLoopLagMilliseconds = 0.42
    trial.scheduleLatenessMilliseconds = 0.031
    return trial
  }

  /// - Parameter renamed: the websocket's entry, where a test is about names.
  static func result(renamed name: String = "websocket") throws -> RunResult {
    let experiment = try Experiment(name: "01-typewriter", yaml: yaml, file: "x.yml")
    var result = RunResult(experiment, command: "pushlab run 01-typewriter", environment: environment)
    result.trials = (0..<5).flatMap { number in names.map { trial($0, number) } }
    result.trials[2].doubts = [.retransmissions(1)]
    result.trials[5].doubts = [.retransmissions(2)]
    result.memory = [
      "poll 100 ms": MemoryMeasurement(connections: 400, residentBytes: 5_230, kernelBytes: 3_100),
      "websocket": MemoryMeasurement(connections: 400, residentBytes: 6_870, kernelBytes: 3_050),
    ]
    result.distributions = Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, [.init(quantile: 0, milliseconds: 0.1), .init(quantile: 0.5, milliseconds: 0.2)])
      })
    result.staircases = [
      "intended": [.init(milliseconds: 400, tokens: 1), .init(milliseconds: 425, tokens: 2)],
      "websocket": [.init(milliseconds: 400.2, tokens: 1), .init(milliseconds: 425.2, tokens: 2)],
    ]
    if name != "websocket" { rename(&result, to: name) }
    return result
  }

  private static func rename(_ result: inout RunResult, to name: String) {
    result.plan.entries[2].name = name
    result.plan.entries[2].variant = name
    for index in result.trials.indices where result.trials[index].entry == "websocket" {
      result.trials[index].entry = name
    }
    result.memory[name] = result.memory.removeValue(forKey: "websocket")
    result.distributions[name] = result.distributions.removeValue(forKey: "websocket")
    result.staircases[name] = result.staircases.removeValue(forKey: "websocket")
  }
}
