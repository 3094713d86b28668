/// Exact quantiles of a set of samples.
public struct Quantiles: Sendable {
  private let sorted: [Double]

  public init(_ samples: some Sequence<Double>) {
    sorted = samples.sorted()
  }

  public var count: Int { sorted.count }

  /// The smallest sample that at least the share `quantile` of all samples does not exceed (nearest rank); nil
  /// without samples.
  /// - Parameter quantile: above 0 and at most 1.
  public func value(at quantile: Double) -> Double? {
    guard !sorted.isEmpty else { return nil }
    let rank = (quantile * Double(sorted.count)).rounded(.up)
    return sorted[min(sorted.count, max(1, Int(rank))) - 1]
  }

  /// The middle: the mean of the two middle samples where their number is even.
  public var median: Double? {
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    // Halved first: the sum of two that are large is no number.
    return sorted.count.isMultiple(of: 2) ? sorted[middle - 1] / 2 + sorted[middle] / 2 : sorted[middle]
  }
}
