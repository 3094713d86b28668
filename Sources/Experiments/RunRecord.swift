import LabClient
import Measurement
import MonotonicTime

/// What a run has measured so far, on disk as its trials finish: whatever ends the run, they are kept.
struct RunRecord {
  private(set) var result: RunResult
  private let experiment: Experiment
  private let folder: ResultFolder
  private let arrivals: ArrivalsFile
  private var delays: [String: DelayDistribution] = [:]
  /// The last writing: when it ended, and how long it took.
  private var written: (at: Instant, took: Duration)?

  init(_ result: RunResult, _ experiment: Experiment, _ folder: ResultFolder, _ arrivals: ArrivalsFile) {
    self.result = result
    self.experiment = experiment
    self.folder = folder
    self.arrivals = arrivals
  }

  /// Takes a whole trial.
  /// - Throws: `ExperimentError` where the disk does not take it; the trial is in the result all the same.
  mutating func keep(_ turns: [Turn]) throws(ExperimentError) {
    for turn in turns {
      guard let entry = experiment.entries.first(where: { $0.name == turn.measurement.entry }) else {
        continue
      }
      let offsets = offsets(of: turn, entry)
      for delay in turn.readings.lazy.flatMap({ $0.delays(offsets) }) {
        delays[entry.name, default: DelayDistribution()].record(delay)
      }
      result.add(turn.measurement, readings: turn.readings, offsets: offsets)
    }
    for turn in turns {
      guard let entry = experiment.entries.first(where: { $0.name == turn.measurement.entry }) else {
        continue
      }
      try arrivals.write(
        turn.readings, entry: entry.name, trial: turn.measurement.trial, offsets: offsets(of: turn, entry))
    }
    try writeSoFar()
  }

  /// Somebody wished the run's end.
  mutating func interrupt() { result.isInterrupted = true }

  /// What the run could not do.
  mutating func fail(_ failure: String) {
    result.failure = [result.failure, failure].compactMap(\.self).joined(separator: "; ")
  }

  mutating func add(_ memory: MemoryMeasurement, of variant: Variant) {
    result.memory[variant.name] = memory
  }

  /// The last word. A result that cannot be written is one more failure.
  mutating func finish() -> RunResult {
    result.distributions = delays.mapValues(\.points)
    do {
      try folder.write(result)
    } catch {
      fail(error.description)
    }
    return result
  }

  /// What is on disk says that the run has not ended, which is true of it however the run ends.
  ///
  /// A long run's result takes longer to write than a short trial to run: no more than a tenth of the time goes into
  /// it.
  private mutating func writeSoFar() throws(ExperimentError) {
    let begun = Instant.now
    if let written, written.at.duration(to: begun) < written.took * 9 { return }
    var unfinished = result
    unfinished.isInterrupted = true
    unfinished.failure = RunResult.unfinished
    unfinished.distributions = delays.mapValues(\.points)
    try folder.write(unfinished)
    written = (.now, begun.duration(to: .now))
  }

  private func offsets(of turn: Turn, _ entry: Experiment.Entry) -> [Duration] {
    experiment.question(trial: turn.measurement.trial, entry.condition).offsets
  }
}
