import Measurement
import MonotonicTime
import Readings
import Results

/// What a run has measured so far, on disk as its trials finish: whatever ends the run, they are kept.
struct RunRecord {
  private(set) var result: RunResult
  private let folder: ResultFolder
  private let arrivals: ArrivalsFile
  private var delays: [String: DelayDistribution] = [:]
  /// The last writing: when it ended, and how long it took.
  private var written: (at: Instant, took: Duration)?

  init(_ result: RunResult, _ folder: ResultFolder, _ arrivals: ArrivalsFile) {
    self.result = result
    self.folder = folder
    self.arrivals = arrivals
  }

  /// Takes a whole trial.
  /// - Throws: `ExperimentError` where the disk does not take it; the trial is in the result all the same.
  mutating func keep(_ turns: [Turn]) throws(ExperimentError) {
    for turn in turns {
      for delay in turn.readings.lazy.flatMap(\.delays) {
        delays[turn.measurement.entry, default: DelayDistribution()].record(delay)
      }
      result.add(turn.measurement, readings: turn.readings)
    }
    for turn in turns {
      let place = TrialPlace(run: turn.measurement.run, trial: turn.measurement.trial)
      try arrivals.write(turn.readings, entry: turn.measurement.entry, place)
    }
    try writeSoFar()
  }

  /// Somebody wished the run's end.
  mutating func interrupt() { result.isInterrupted = true }

  /// What the run could not do.
  mutating func fail(_ failure: String) {
    result.failure = [result.failure, failure].compactMap(\.self).joined(separator: "; ")
  }

  /// One repetition of a variant's memory.
  mutating func add(_ held: HeldReaders, of variant: Variant) {
    result.memory[variant.name, default: MemoryMeasurement(connections: held.connections)].add(held)
  }

  /// The last word. A result that cannot be written is one more failure.
  /// - Parameter stealShare: what the host took of the processors meanwhile.
  mutating func finish(stealShare: Double? = nil) -> RunResult {
    result.environment.stealShare = stealShare
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
}
