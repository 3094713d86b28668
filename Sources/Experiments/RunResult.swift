import Foundation
import Measurement

/// What a run leaves behind: `result.json`.
public struct RunResult: Codable, Sendable {
  /// Raised whenever a reader of older files would misread them.
  public static let currentVersion = 1

  public var version = currentVersion
  public var experiment: String
  public var title: String
  public var question: String
  public var prediction: String
  /// The command that runs it again.
  public var command: String
  /// Variants in the experiment's order.
  public var variants: [String]
  public var trials: [TrialMeasurement]

  public init(_ experiment: Experiment, command: String, trials: [TrialMeasurement]) {
    self.experiment = experiment.name
    title = experiment.title
    question = experiment.question
    prediction = experiment.prediction
    self.command = command
    variants = experiment.variants.map(\.name)
    self.trials = trials
  }

  /// The median over trials, with its interval; nil where no trial has the metric.
  public func estimate(_ metric: Metric, of variant: String) -> Estimate? {
    Estimate(trials.filter { $0.variant == variant }.compactMap { $0.values[metric] })
  }

  /// Over all trials.
  public func ledger(of variant: String) -> Ledger {
    trials.filter { $0.variant == variant }.reduce(Ledger()) { $0 + $1.ledger }
  }

  /// What readers could not go on after, each once.
  public func failures(of variant: String) -> [String] {
    Set(trials.filter { $0.variant == variant }.flatMap(\.failures)).sorted()
  }

  public var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      return try encoder.encode(self)
    }
  }
}
