import Measurement

extension RunResult {
  /// One number a trial, in the order of the trials.
  public func values(_ metric: Metric, of entry: String) -> [Double] {
    trials.filter { $0.entry == entry }.sorted { $0.trial < $1.trial }.compactMap { $0.values[metric] }
  }

  /// The median over trials, with its interval; nil where no trial has the metric.
  public func estimate(_ metric: Metric, of entry: String) -> Estimate? {
    Estimate(values(metric, of: entry))
  }

  /// Against the entry's baseline; nil for the baseline itself, and where there are too few trials.
  /// - Parameter comparisons: how many differences of the entry are looked at together.
  public func difference(
    _ metric: Metric, of entry: RunPlan.Entry, comparisons: Int
  ) -> PairedDifference? {
    guard entry.name != entry.baseline else { return nil }
    // A trial in which either lacks the number is no pair.
    let baseline = values(metric, byTrialOf: entry.baseline)
    let pairs = values(metric, byTrialOf: entry.name).compactMap { trial, value in
      baseline[trial].map { (trial: trial, value: value, baseline: $0) }
    }.sorted { $0.trial < $1.trial }
    return PairedDifference(pairs.map(\.value), baseline: pairs.map(\.baseline), comparisons: comparisons)
  }

  private func values(_ metric: Metric, byTrialOf entry: String) -> [Int: Double] {
    let pairs = trials.filter { $0.entry == entry }.compactMap { trial in
      trial.values[metric].map { (trial.trial, $0) }
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// Over all trials.
  public func ledger(of entry: String) -> Ledger {
    trials.filter { $0.entry == entry }.reduce(Ledger()) { $0 + $1.ledger }
  }

  /// What readers could not go on after, each once.
  public func failures(of entry: String) -> [String] {
    Set(trials.filter { $0.entry == entry }.flatMap(\.failures)).sorted()
  }

  /// Whether something that was planned was not measured, or a reader could not go on.
  public var hasFailed: Bool { failure != nil || trials.contains { !$0.failures.isEmpty } }

  /// Each kind once, the worst of all trials.
  public func doubts(of entry: String) -> [Doubt] {
    var worst: [String: Doubt] = [:]
    for doubt in trials.filter({ $0.entry == entry }).flatMap(\.doubts) {
      worst[doubt.kind] = worst[doubt.kind]?.worse(doubt) ?? doubt
    }
    if environment.build == "debug" { worst[Doubt.debugBuild.kind] = .debugBuild }
    return worst.sorted { $0.key < $1.key }.map(\.value)
  }

  /// What the lab adds by itself, over all trials: how far below these its numbers say nothing.
  public var noiseFloor: NoiseFloor? {
    let tokens = trials.reduce(0) { $0 + $1.ledger.delivered }
    guard tokens > 0 else { return nil }
    return NoiseFloor(
      readersProcessorMicrosecondsPerToken: trials.reduce(0) { $0 + $1.readersProcessorMicroseconds }
        / Double(tokens),
      readersProcessorShare: trials.map(\.readersProcessorShare).max() ?? 0,
      eventLoopLagMilliseconds: Quantiles(trials.map(\.eventLoopLagMilliseconds)).median ?? 0,
      scheduleLatenessMilliseconds: Quantiles(trials.map(\.scheduleLatenessMilliseconds)).median ?? 0)
  }
}

/// What the lab's own parts take and delay.
public struct NoiseFloor: Sendable {
  /// On average.
  public var readersProcessorMicrosecondsPerToken: Double
  /// The most of one processor that the readers' process used in a trial.
  public var readersProcessorShare: Double
  /// The median over trials of the longest lag in each.
  public var eventLoopLagMilliseconds: Double
  /// The median over trials of the mean time from a token's instant to its appending.
  public var scheduleLatenessMilliseconds: Double
}
