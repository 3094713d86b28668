import Histogram

/// A distribution of delays over many trials, in an HdrHistogram: three significant digits at every height, so
/// that the far tail is as true as the middle.
public struct DelayDistribution {
  private var histogram = Histogram<UInt64>(lowestDiscernibleValue: 1, highestTrackableValue: 3_600_000_000)

  public init() {}

  /// Delays below a microsecond, or negative by the clock's grain, count as zero.
  public mutating func record(_ delay: Duration) {
    let microseconds = max(
      0, delay.components.seconds * 1_000_000 + delay.components.attoseconds / 1_000_000_000_000)
    histogram.record(UInt64(microseconds))
  }

  public var count: Int { Int(histogram.totalCount) }

  /// So many milliseconds at most are `quantile` of all delays; nil where fewer than five lie beyond.
  public func milliseconds(at quantile: Double) -> Double? {
    // By so little may a product such as 0.01 × 500 fall short of five.
    guard (1 - quantile) * Double(count) > 5 - 1e-6 else { return nil }
    return Double(histogram.valueAtPercentile(quantile * 100)) / 1_000
  }

  /// A point of the distribution: `quantile` of all delays are at most `milliseconds`.
  public struct Point: Hashable, Sendable, Codable {
    public var quantile: Double
    public var milliseconds: Double
  }

  /// From the least to as far out as the samples carry: five must lie beyond.
  public var points: [Point] {
    guard count > 0 else { return [] }
    var points: [Point] = []
    var beyond = 1.0
    while beyond * Double(count) >= 5 || points.isEmpty {
      let quantile = 1 - beyond
      let value = histogram.valueAtPercentile(quantile * 100)
      points.append(Point(quantile: quantile, milliseconds: Double(value) / 1_000))
      beyond *= 0.8
    }
    return points
  }
}
