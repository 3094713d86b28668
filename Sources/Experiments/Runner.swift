import Foundation
import LabClient
import Measurement
import MonotonicTime
import TokenStream

/// Runs an experiment's trials, one variant at a time, against a server in a process of its own.
public struct Runner: Sendable {
  public let experiment: Experiment
  private let executable: String

  /// How far a run has come.
  public struct Progress: Sendable {
    /// Counted from 0; nil while warming up.
    public var trial: Int?
    public var trials: Int
    public var variant: String
    /// What the rest is expected to take, from what the schedule says and what was seen so far.
    public var timeLeft: Duration
  }

  /// - Parameter executable: the `pushlab` command that serves.
  public init(_ experiment: Experiment, executable: String) {
    self.experiment = experiment
    self.executable = executable
  }

  /// - Parameter report: called before each variant's turn.
  /// - Throws: `ExperimentError` where the server does not start.
  public func run(report: (Progress) -> Void) async throws -> [TrialMeasurement] {
    let server = try ServerProcess(executable: executable)
    defer { server.stop() }
    let reader = Reader()
    var measurements: [TrialMeasurement] = []
    let begun = Instant.now
    let turns = (experiment.trials + experiment.warmUps) * experiment.variants.count
    var turnsTaken = 0
    // A warm-up is run like the others, on a schedule of its own, and thrown away.
    let warmUps = (0..<experiment.warmUps).map { experiment.trials + $0 }
    for trial in warmUps + Array(0..<experiment.trials) {
      let isWarmUp = trial >= experiment.trials
      let expected = ExpectedTokens(experiment.question(trial: trial))
      for variant in experiment.order(trial: trial) {
        let spent = begun.duration(to: .now)
        let each = turnsTaken == 0 ? expected.length + .milliseconds(100) : spent / turnsTaken
        report(
          Progress(
            trial: isWarmUp ? nil : trial, trials: experiment.trials, variant: variant.name,
            timeLeft: each * (turns - turnsTaken)))
        let readings = await read(variant, expected, server.address, reader)
        turnsTaken += 1
        guard !isWarmUp else { continue }
        measurements.append(
          TrialMeasurement(variant: variant.name, trial: trial, readings: readings, offsets: expected.offsets)
        )
      }
    }
    await reader.shutDown()
    return measurements
  }

  /// All readers of one variant, their streams' phases spread over one gap, so that they tick one after the
  /// other as real users' streams would.
  private func read(
    _ variant: Variant, _ expected: ExpectedTokens, _ server: ServerAddress, _ reader: Reader
  ) async -> [Reading] {
    let phase = Duration.seconds(1 / expected.question.pacing.rate) / experiment.readers
    return await withTaskGroup { group in
      for number in 0..<experiment.readers {
        group.addTask {
          try? await Task.sleep(for: phase * number)
          return await reader.read(ReadingPlan(server: server, variant: variant, expected: expected))
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }
}
