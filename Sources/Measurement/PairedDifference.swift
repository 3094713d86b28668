/// How an entry differs from the baseline, trial by trial: both read the same schedules in the same trial, so what the
/// trials have in common cancels out.
public struct PairedDifference: Hashable, Sendable, Codable {
  /// Whether a difference was found, and if not, why.
  public enum Verdict: Hashable, Sendable {
    case shown
    /// The interval holds zero, which is not to say that there is no difference.
    case notShown
    /// The pairs are too few for any interval.
    case tooFew(needed: Int)
  }

  /// Of the pairs' differences, entry less baseline. The median of skewed numbers' differences is not the difference of
  /// their medians. The interval holds together with those of the other `comparisons`, all at once.
  public var estimate: Estimate
  /// How many differences are looked at together: those of a line of a table.
  public var comparisons: Int

  /// - Parameters:
  ///   - runs: by run, the pairs of its trials. Where several runs have pairs, the medians of each run's differences
  ///     are what is compared.
  ///   - comparisons: how many differences are looked at together.
  ///   - Returns: nil without a pair, and for numbers so large that their difference is none.
  public init?(runs: [[(entry: Double, baseline: Double)]], comparisons: Int = 1) {
    let differences = runs.map { $0.map { $0.entry - $0.baseline } }
    guard differences.allSatisfy({ $0.allSatisfy(\.isFinite) }),
      let estimate = Estimate(runs: differences, comparisons: comparisons)
    else { return nil }
    self.estimate = estimate
    self.comparisons = max(1, comparisons)
  }

  public var verdict: Verdict {
    guard let interval = estimate.interval else {
      return .tooFew(needed: Interval.valuesNeeded(comparisons: comparisons))
    }
    return interval.low > 0 || interval.high < 0 ? .shown : .notShown
  }
}
