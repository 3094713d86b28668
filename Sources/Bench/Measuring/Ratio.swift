import Foundation
import Measurement

/// How many times another's an entry's figure is.
public struct Ratio: Hashable, Codable, Sendable {
  /// Of the medians.
  public var ratio: Double
  /// The ends of the 95 % interval; nil for fewer than two trials, which carry none.
  public var low: Double?
  public var high: Double?

  /// - Parameters:
  ///   - entry: a value a trial; trials without one are left out, in pairs.
  ///   - Returns: nil where there are none, or one is not above zero.
  ///
  /// The interval is that of the trials' own ratios, as differences of logarithms: what a trial has in common
  /// cancels out, and with five trials Student's interval is wide enough where a bootstrap's would not be.
  public init?(_ entry: [Double?], to other: [Double?]) {
    let pairs = zip(entry, other).compactMap { entry, other in
      entry.flatMap { entry in other.map { (entry, $0) } }
    }
    guard !pairs.isEmpty, pairs.allSatisfy({ $0.0 > 0 && $0.1 > 0 }) else { return nil }
    let medians = (Quantiles(pairs.map(\.0)).median!, Quantiles(pairs.map(\.1)).median!)
    ratio = medians.0 / medians.1
    let difference = PairedDifference(pairs.map { log($0.0) }, baseline: pairs.map { log($0.1) })
    low = difference.map { exp($0.low) }
    high = difference.map { exp($0.high) }
  }
}
