import MonotonicTime
import Results

/// How far an experiment is, and what its rest takes.
struct Pace {
  private let experiment: Experiment
  private let begun = Instant.now
  /// Spent between runs.
  private var waited = Duration.zero
  var turnsTaken = 0

  init(_ experiment: Experiment) {
    self.experiment = experiment
  }

  func progress(_ place: TrialPlace, isWarmUp: Bool, _ entry: String) -> Runner.Progress {
    Runner.Progress(
      run: place.run, runs: experiment.runs, trial: isWarmUp ? nil : place.trial, trials: experiment.trials,
      entry: entry, timeLeft: timeLeft)
  }

  /// What is done before a run's first turn.
  func progress(beforeRun run: Int, _ words: String) -> Runner.Progress {
    Runner.Progress(
      run: run, runs: experiment.runs, trial: nil, trials: experiment.trials, entry: words, timeLeft: timeLeft
    )
  }

  private var timeLeft: Duration {
    guard turnsTaken > 0 else { return experiment.expectedLength }
    let turns = (experiment.trials + experiment.warmUps) * experiment.entries.count * experiment.runs
    return (begun.duration(to: .now) - waited) / turnsTaken * (turns - turnsTaken)
  }

  /// Waits until this run is to begin, or somebody wishes the end.
  mutating func wait(forRun run: Int, _ hooks: Runner.Hooks) async {
    let start = begun.advanced(by: experiment.runSpacing * run)
    let arrived = Instant.now
    while Instant.now < start, !hooks.isInterrupted() {
      hooks.progress(
        Runner.Progress(
          run: run, runs: experiment.runs, trial: nil, trials: experiment.trials, entry: "between two runs",
          timeLeft: Instant.now.duration(to: start) + timeLeft))
      try? await Task.sleep(for: min(.seconds(1), Instant.now.duration(to: start)))
    }
    waited += arrived.duration(to: .now)
  }
}
