import Measurement

extension RunResult {
  /// By run, one number a trial, in the order of the trials; none of a quantile that rests on too few samples.
  public func values(_ metric: Metric, of entry: String) -> [[Double]] {
    guard shortage(metric, of: entry) == nil else { return [] }
    return byRun(trials.filter { $0.entry == entry }).map { $0.compactMap { $0.values[metric] } }
  }

  /// The median over trials, or over runs where there are several; nil where no trial has the metric.
  public func estimate(_ metric: Metric, of entry: String) -> Estimate? {
    Estimate(runs: values(metric, of: entry))
  }

  /// An entry's trials of the runs that count.
  private func counted(_ entry: String) -> [TrialMeasurement] { countedTrials.filter { $0.entry == entry } }

  /// Why an entry's samples do not carry a quantile: the trials' independent samples, in the median, are too few for five
  /// of them to lie beyond it. Decided for all trials at once: those that a stall left with fewer are not to be left out,
  /// which would show the calm ones alone.
  private func shortage(_ metric: Metric, of entry: String) -> Doubt? {
    guard metric.quantile != nil else { return nil }
    let counts = counted(entry).compactMap { $0.effectiveSamples?[metric] }
    guard let median = Quantiles(counts.map(Double.init)).median, median < Double(metric.samplesNeeded) else {
      return nil
    }
    return .tooFewSamples(metric, count: Int(median))
  }

  /// Of numbers that some trials have: how many do. Their median says nothing of the others.
  private func gaps(of entry: String) -> [Doubt] {
    let all = counted(entry).count
    let having = Dictionary(grouping: Metric.allCases) { values($0, of: entry).joined().count }
    return having.filter { (1..<max(1, all)).contains($0.key) }
      .map { .fewerTrials(Set($0.value), having: $0.key, of: all) }
  }

  /// How many independent samples of a delay there are in all trials that count; nil where the result does not say.
  public func effectiveDelays(of entry: String) -> Int? {
    let counts = counted(entry).compactMap { $0.effectiveSamples?[.delay99] }
    return counts.isEmpty ? nil : counts.reduce(0, +)
  }

  /// The runs whose trials count, in their order. One that was interrupted or failed is no repetition of those that were
  /// whole, and counts where there is no other.
  public var countedRuns: [Int] {
    let trials = Dictionary(grouping: Set(trials.map(\.place)), by: \.run).mapValues(\.count)
    let whole = trials.filter { $0.value >= plan.trials }
    return (whole.isEmpty ? trials : whole).keys.sorted()
  }

  /// What every number rests on, but for the pooled distributions.
  public var countedTrials: [TrialMeasurement] {
    let runs = Set(countedRuns)
    return trials.filter { runs.contains($0.run) }
  }

  /// How many trials were whole, in all runs.
  public var wholeTrials: Int { Set(trials.map(\.place)).count }

  private func byRun(_ trials: [TrialMeasurement]) -> [[TrialMeasurement]] {
    let byRun = Dictionary(grouping: trials, by: \.run)
    return countedRuns.compactMap { byRun[$0]?.sorted { $0.trial < $1.trial } }
  }

  /// Against the entry's baseline; nil for the baseline itself, and without a pair.
  /// - Parameter comparisons: how many differences of the entry are looked at together.
  public func difference(
    _ metric: Metric, of entry: RunPlan.Entry, comparisons: Int
  ) -> PairedDifference? {
    guard entry.name != entry.baseline, shortage(metric, of: entry.name) == nil,
      shortage(metric, of: entry.baseline) == nil
    else { return nil }
    let baseline = Dictionary(
      trials.filter { $0.entry == entry.baseline }.map { ($0.place, $0.values[metric]) }
    ) { first, _ in first }
    // A trial in which either lacks the number is no pair.
    let pairs = byRun(trials.filter { $0.entry == entry.name }).map { run in
      run.compactMap { trial in
        trial.values[metric].flatMap { value in
          baseline[trial.place]?.map { (entry: value, baseline: $0) }
        }
      }
    }
    return PairedDifference(runs: pairs, comparisons: comparisons)
  }

  /// Over all trials that count.
  public func ledger(of entry: String) -> Ledger {
    counted(entry).reduce(Ledger()) { $0 + $1.ledger }
  }

  /// What readers could not go on after, each once.
  public func failures(of entry: String) -> [String] {
    Set(trials.filter { $0.entry == entry }.flatMap(\.failures)).sorted()
  }

  /// Whether something that was planned was not measured, or a reader could not go on.
  public var hasFailed: Bool { failure != nil || trials.contains { !$0.failures.isEmpty } }

  /// Each kind once, the worst of all trials that count.
  public func doubts(of entry: String) -> [Doubt] {
    var worst: [String: Doubt] = [:]
    for doubt in counted(entry).flatMap(\.doubts) {
      worst[doubt.kind] = worst[doubt.kind]?.worse(doubt) ?? doubt
    }
    for doubt in Metric.allCases.compactMap({ shortage($0, of: entry) }) + gaps(of: entry) {
      worst[doubt.kind] = doubt
    }
    if environment.build == "debug" { worst[Doubt.debugBuild.kind] = .debugBuild }
    return worst.sorted { $0.key < $1.key }.map(\.value)
  }

  /// What the lab adds by itself, over all trials that count: how far below these its numbers say nothing.
  public var noiseFloor: NoiseFloor? {
    let trials = countedTrials
    guard trials.contains(where: { $0.ledger.delivered > 0 }) else { return nil }
    return NoiseFloor(
      readersProcessorShare: trials.map(\.readersProcessorShare).max() ?? 0,
      eventLoopLagMilliseconds: Quantiles(trials.map(\.eventLoopLagMilliseconds)).median ?? 0,
      worstEventLoopLagMilliseconds: trials.map(\.eventLoopLagMilliseconds).max() ?? 0,
      scheduleLatenessMilliseconds: Quantiles(trials.compactMap(\.scheduleLatenessMilliseconds)).median)
  }
}

/// What the lab's own parts take and delay.
public struct NoiseFloor: Sendable {
  /// The most of one processor that the readers' process used in a trial.
  public var readersProcessorShare: Double
  /// The median over trials of the longest lag in each.
  public var eventLoopLagMilliseconds: Double
  /// The longest of all.
  public var worstEventLoopLagMilliseconds: Double
  /// The median over trials of the mean time from a token's instant to its appending; nil where no trial tells.
  public var scheduleLatenessMilliseconds: Double?
}

extension TrialMeasurement {
  fileprivate var place: TrialPlace { TrialPlace(run: run, trial: trial) }
}
