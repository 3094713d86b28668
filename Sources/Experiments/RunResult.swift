import Foundation
import LabClient
import Measurement
import MonotonicTime

/// What a run leaves behind: `result.json`. Its fields are described in `experiments/README.md`.
public struct RunResult: Codable, Sendable {
  /// Raised whenever a reader of older files would misread them.
  public static let currentVersion = 3

  public var version = currentVersion
  public var experiment: String
  public var title: String
  public var question: String
  public var prediction: String
  /// The command that runs it again.
  public var command: String
  /// The experiment's file, as it was then; nil where the result does not say.
  public var experimentFile: String?
  public var environment: RunEnvironment
  public var plan: RunPlan
  /// Somebody stopped it: trials of the plan, or the memory, were not measured.
  public var isInterrupted = false
  /// What ended the run before its plan, or what it could not measure; nil where it did all that was planned.
  public var failure: String?
  public var trials: [TrialMeasurement] = []
  /// By variant; empty where it was not measured.
  public var memory: [String: MemoryMeasurement] = [:]
  /// By entry: all delays of all trials.
  public var distributions: [String: [DelayDistribution.Point]] = [:]
  /// By entry: the first reader's tokens in the first trial.
  public var staircases: [String: [Step]] = [:]

  /// A token as it was shown.
  public struct Step: Codable, Sendable, Hashable {
    /// Since the stream's start.
    public var milliseconds: Double
    /// How many tokens were there then.
    public var tokens: Int
  }

  /// The failure of a result that was written while the run went on.
  public static let unfinished =
    "it had not ended when this was written: it still goes on, or it was killed; the trials are those that were whole"

  public init(_ experiment: Experiment, command: String, environment: RunEnvironment) {
    self.experiment = experiment.name
    title = experiment.title
    question = experiment.question
    prediction = experiment.prediction
    self.command = command
    experimentFile = experiment.file
    self.environment = environment
    plan = RunPlan(experiment)
  }

  mutating func add(_ measurement: TrialMeasurement, readings: [Reading]) {
    let entry = measurement.entry
    trials.append(measurement)
    if staircases[entry] == nil, let first = readings.first {
      staircases[entry] = first.arrivals.enumerated().map { count, arrival in
        Step(milliseconds: first.started.duration(to: arrival.at).inMilliseconds, tokens: count + 1)
      }
      staircases[Self.schedule(of: plan.condition(of: entry))] = first.offsets.enumerated().map {
        Step(milliseconds: $1.inMilliseconds, tokens: $0 + 1)
      }
    }
  }

  /// What the intended schedule is called among the staircases.
  public static func schedule(of condition: String) -> String {
    condition.isEmpty ? "intended" : "intended, \(condition)"
  }

  /// One line, for a file that is no result or one of another version.
  public static func read(_ file: URL) throws -> RunResult {
    struct Version: Decodable {
      var version: Int
    }
    guard let data = try? Data(contentsOf: file) else {
      let isThere = FileManager.default.fileExists(atPath: file.path)
      throw ExperimentError(
        "\(file.relativePath): \(isThere ? "it cannot be read as a file" : "there is no such file"): give a run's "
          + "result.json or its folder")
    }
    guard let version = try? JSONDecoder().decode(Version.self, from: data).version else {
      throw ExperimentError("\(file.relativePath): not a result of pushlab, or cut short")
    }
    guard version == currentVersion else {
      throw ExperimentError(
        "\(file.relativePath): version \(version) of the format; this pushlab reads version \(currentVersion)"
      )
    }
    do {
      return try JSONDecoder().decode(RunResult.self, from: data)
    } catch {
      throw ExperimentError(
        "\(file.relativePath): cut short or altered: it says version \(version) and is not")
    }
  }

  public var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self) + Data("\n".utf8)
    }
  }
}

/// What was planned, as it was run.
public struct RunPlan: Codable, Sendable {
  public var seed: UInt64
  public var runs: Int
  /// Of each run.
  public var trials: Int
  public var warmUps: Int
  public var readers: Int
  public var tokensPerTrial: Int
  /// In the order of the table.
  public var entries: [Entry]
  /// Cut down to a look: too little to decide or to reckon by.
  public var isQuick: Bool
  /// By run, and in it by trial: the entries in the order of their turns.
  public var order: [[String]]
  public var metrics: [Metric]
  /// What the report reckons up to.
  public var scale: ScaleAssumptions?

  public struct Entry: Codable, Sendable {
    public var name: String
    public var variant: String
    public var transport: String
    public var condition: String
    /// The entry it is compared with.
    public var baseline: String
    public var pollIntervalSeconds: Double
    public var tokenRate: Double
    public var tokenSize: Int
    /// At a time.
    public var readers: Int
    /// What of its reading is not as the transport does by itself, by the keys of an experiment's file; nil where the
    /// result does not say.
    public var reading: [String: String]?
  }

  init(_ experiment: Experiment) {
    seed = experiment.seed
    runs = experiment.runs
    isQuick = experiment.isQuick
    trials = experiment.trials
    warmUps = experiment.warmUps
    readers = experiment.readers
    tokensPerTrial = experiment.samplesPerTrial
    entries = experiment.entries.map { entry in
      Entry(
        name: entry.name, variant: entry.variant.name, transport: entry.variant.transport.rawValue,
        condition: entry.condition.name, baseline: experiment.baseline(of: entry),
        pollIntervalSeconds: entry.variant.pollInterval.inSeconds, tokenRate: entry.condition.pacing.rate,
        tokenSize: entry.condition.tokenSize, readers: experiment.readers(under: entry.condition),
        reading: entry.variant.departures)
    }
    order = (0..<experiment.runs).flatMap { run in
      (0..<experiment.trials).map { experiment.order(.init(run: run, trial: $0)).map(\.name) }
    }
    metrics = experiment.metrics
    scale = experiment.scale
  }

  public func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

  func condition(of entry: String) -> String { self.entry(entry)?.condition ?? "" }
}
