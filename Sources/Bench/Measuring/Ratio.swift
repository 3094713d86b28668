import Measurement

/// How many times another's an entry's figure is.
public struct Ratio: Hashable, Codable, Sendable {
  /// Of the trials' own ratios, in which what a trial has in common cancels out.
  public var estimate: Estimate

  /// - Parameter entry: a value a trial; trials without one are left out, in pairs.
  /// - Returns: nil where there are none, or one is not above zero.
  public init?(_ entry: [Double?], to other: [Double?]) {
    let pairs = zip(entry, other).compactMap { entry, other in
      entry.flatMap { entry in other.map { (entry, $0) } }
    }
    guard pairs.allSatisfy({ $0.0 > 0 && $0.1 > 0 }), let estimate = Estimate(pairs.map { $0.0 / $0.1 })
    else {
      return nil
    }
    self.estimate = estimate
  }

  /// How far two that are the same may seem apart, as a share: by the farther end of the interval, or of what was
  /// seen where there is none.
  public var farthest: Double {
    let (low, high) = (estimate.range.lowerBound, estimate.range.upperBound)
    return max(high, 1 / high, low, 1 / low) - 1
  }
}
