import LabClient
import MonotonicTime
import Readings

@testable import Experiments
@testable import Machine
@testable import Measurement
@testable import Results

/// A hand-made result: two transports against a baseline, nine trials, which are as many as five columns' differences
/// take to be told.
enum Sample {
  private static func yaml(conditions: String, runs: Int, trials: Int) -> String {
    """
    title: The typewriter
    question: How long does a token take to reach its reader?
    prediction: Polling delays tokens by half its interval.
    stream: {prompt: Why?, tokens: 48, rate: 40}
    \(conditions)
    readers: 11
    transports:
      - {transport: short-polling, name: poll 100 ms, interval: 0.1}
      - {transport: server-sent-events}
      - {transport: websocket}
    baseline: server-sent-events
    metrics: [delay_p50_ms, delay_p99_ms, requests_per_token, bytes_down_per_token, server_cpu_us_per_token]
    runs: \(runs)
    trials: \(trials)
    seed: 7
    """
  }

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
    environment.machine.isVirtual = true
    environment.revision = nil
    environment.stealShare = 0.004
    return environment
  }

  /// What every entry costs, trial by trial: the websocket is cheaper in bytes, and no faster.
  private static let values: [String: [Metric: [Double]]] = [
    "poll 100 ms": [
      .delayMedian: [50.2, 49.1, 51.3, 50.7, 48.8, 50.4, 49.6, 52.9, 50.1],
      .delay99: [99.2, 99.8, 98.7, 99.4, 99.1, 99.3, 98.9, 99.6, 99.0],
      .requests: [0.25, 0.25, 0.26, 0.25, 0.24, 0.25, 0.25, 0.25, 0.25],
      .bytesDown: [141.5, 140.2, 143.8, 141.9, 139.7, 141.2, 142.4, 140.9, 141.7],
      .serverProcessor: [31.2, 30.5, 32.8, 31.9, 30.1, 31.0, 31.5, 30.8, 32.2],
    ],
    "server-sent-events": [
      .delayMedian: [0.21, 0.19, 0.22, 0.2, 0.23, 0.21, 0.2, 0.22, 0.21],
      .delay99: [0.61, 0.58, 0.7, 0.66, 0.59, 0.63, 0.62, 0.64, 0.57],
      .requests: Array(repeating: 0.0208, count: 9), .bytesDown: Array(repeating: 88.1, count: 9),
      .serverProcessor: [9.7, 9.2, 10.4, 9.9, 9.4, 9.6, 9.8, 9.5, 10.1],
    ],
    "websocket": [
      .delayMedian: [0.2, 0.21, 0.21, 0.19, 0.24, 0.21, 0.22, 0.2, 0.2],
      .delay99: [0.64, 0.55, 0.72, 0.62, 0.62, 0.58, 0.65, 0.6, 0.63],
      .requests: Array(repeating: 0.0208, count: 9), .bytesDown: Array(repeating: 38.4, count: 9),
      .serverProcessor: [8.1, 7.9, 8.8, 8.3, 7.7, 8.0, 8.2, 7.8, 8.5],
    ],
  ]

  private static func trial(_ entry: RunPlan.Entry, run: Int, _ number: Int, share: Double = 1)
    -> TrialMeasurement
  {
    var trial = TrialMeasurement(entry: entry.name, run: run, trial: number, readings: [])
    trial.doubts = []
    trial.ledger.delivered = 528
    trial.values = (values[entry.variant] ?? [:]).mapValues { $0[run + number] * share }
    trial.readersProcessorShare = 0.1 + Double(number) / 100
    trial.eventLoopLagMilliseconds = 0.42 + Double(number) / 10
    trial.scheduleLatenessMilliseconds = 0.031
    return trial
  }

  private static func empty(conditions: String = "", runs: Int = 1, trials: Int) throws -> RunResult {
    let text = yaml(conditions: conditions, runs: runs, trials: trials)
    let experiment = try Experiment(name: "01-typewriter", yaml: text, file: "x.yml")
    return RunResult(experiment, command: "pushlab run 01-typewriter", environment: environment)
  }

  /// - Parameters:
  ///   - renamed: the websocket's entry, where a test is about names.
  ///   - trials: of the nine, the first ones, where a test is about too few.
  static func result(renamed name: String = "websocket", trials: Int = 9) throws -> RunResult {
    var result = try empty(trials: trials)
    result.trials = (0..<trials).flatMap { number in
      result.plan.entries.map { trial($0, run: 0, number) }
    }
    result.trials[2].doubts = [.retransmissions(1)]
    if trials > 1 { result.trials[5].doubts = [.retransmissions(2)] }
    result.memory = [
      "poll 100 ms": memory([5_230, 5_010, 5_470, 5_120, 5_390, 5_270], kernel: 3_100),
      "websocket": memory([6_870, 6_640, 7_020, 6_910, 6_730, 6_890], kernel: 3_050),
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

  /// Six runs of three trials: a run's trials are ten percent apart, and the middle one is one of the nine.
  static func runs() throws -> RunResult {
    var result = try empty(runs: 6, trials: 3)
    for run in 0..<6 {
      for number in 0..<3 {
        result.trials += result.plan.entries.map { entry in
          var trial = trial(entry, run: run, 0, share: 0.9 + Double(number) / 10)
          trial.trial = number
          return trial
        }
      }
    }
    return result
  }

  /// The nine trials under two conditions: under the second everything is twice as much.
  static func conditions() throws -> RunResult {
    let text = "conditions: [{name: eleven, readers: 11}, {name: twenty, readers: 20}]"
    var result = try empty(conditions: text, trials: 9)
    result.trials = (0..<9).flatMap { number in
      result.plan.entries.map { trial($0, run: 0, number, share: $0.condition == "twenty" ? 2 : 1) }
    }
    return result
  }

  private static func memory(_ resident: [Double], kernel: Double) -> MemoryMeasurement {
    var memory = MemoryMeasurement(connections: 4_000)
    memory.residentBytes = resident
    memory.kernelBytes = Array(repeating: kernel, count: resident.count)
    return memory
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
