import Foundation
import Measurement

/// How many times another's an entry's figure is.
public struct Ratio: Hashable, Codable, Sendable {
  /// Of the medians.
  public var ratio: Double
  /// Holds the median of the trials' own ratios in 95 % of repetitions at least; nil for fewer trials than that takes.
  public var interval: Interval?

  /// - Parameters:
  ///   - entry: a value a trial; trials without one are left out, in pairs.
  ///   - Returns: nil where there are none, or one is not above zero.
  ///
  /// What a trial has in common cancels out in its own ratio.
  public init?(_ entry: [Double?], to other: [Double?]) {
    let pairs = zip(entry, other).compactMap { entry, other in
      entry.flatMap { entry in other.map { (entry, $0) } }
    }
    guard !pairs.isEmpty, pairs.allSatisfy({ $0.0 > 0 && $0.1 > 0 }) else { return nil }
    let medians = (Quantiles(pairs.map(\.0)).median!, Quantiles(pairs.map(\.1)).median!)
    ratio = medians.0 / medians.1
    interval = Interval(ofMedian: pairs.map { $0.0 / $0.1 })
  }
}
