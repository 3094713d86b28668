import Foundation
import Machine
import Measurement
import MonotonicTime
import Readings

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
    "it had not ended when this was written: it is still running, or it was killed; only completed trials are shown"

  package init(
    experiment: String, title: String, question: String, prediction: String, command: String,
    experimentFile: String? = nil, environment: RunEnvironment, plan: RunPlan
  ) {
    self.experiment = experiment
    self.title = title
    self.question = question
    self.prediction = prediction
    self.command = command
    self.experimentFile = experimentFile
    self.environment = environment
    self.plan = plan
  }

  package mutating func add(_ measurement: TrialMeasurement, readings: [Reading]) {
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
        "\(file.relativePath): \(isThere ? "this is not a readable file" : "there is no such file"): give a run's "
          + "result.json or its folder")
    }
    guard let version = try? JSONDecoder().decode(Version.self, from: data).version else {
      throw ExperimentError("\(file.relativePath): not a result of pushlab, or truncated")
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
        "\(file.relativePath): truncated or altered: it does not match version \(version) of the format")
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
