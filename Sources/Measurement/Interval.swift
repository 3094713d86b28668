import Glibc

/// Where the median of what values are drawn from lies: between two of the values themselves.
///
/// Nothing is assumed of the distribution. The median has as many values below it as a coin that is thrown so often
/// shows heads, so how often two order statistics hold it between them is known exactly (Hettmansperger and Sheather,
/// 1986, before they interpolate), and equal values only make it more often.
public struct Interval: Hashable, Sendable, Codable {
  public var low: Double
  public var high: Double
  /// The share of repetitions whose interval holds the median; at least what was wanted.
  public var coverage: Double

  /// With fewer values the widest interval, from the least to the greatest, falls short of 95 %.
  public static let fewestValues = 6

  /// The narrowest of these intervals that is wide enough.
  /// - Parameters:
  ///   - values: independent of one another.
  ///   - comparisons: how many intervals are looked at together; all of them hold at once in 95 % of repetitions at
  ///     least (Bonferroni), whatever they have to do with one another.
  ///   - Returns: nil for fewer values than that takes.
  public init?(ofMedian values: [Double], comparisons: Int = 1) {
    guard values.count >= Self.valuesNeeded(comparisons: comparisons) else { return nil }
    let sorted = values.sorted()
    var rank = 1
    coverage = Self.coverage(rank: 1, of: sorted.count)
    while rank < sorted.count / 2 {
      let narrower = coverage - 2 * Self.chance(ofHeads: rank, in: sorted.count)
      guard narrower >= Self.wanted(comparisons: comparisons) else { break }
      coverage = narrower
      rank += 1
    }
    low = sorted[rank - 1]
    high = sorted[sorted.count - rank]
  }

  /// How few values carry an interval.
  public static func valuesNeeded(comparisons: Int) -> Int {
    var count = fewestValues
    while coverage(rank: 1, of: count) < wanted(comparisons: comparisons) { count += 1 }
    return count
  }

  private static func wanted(comparisons: Int) -> Double { 1 - 0.05 / Double(max(1, comparisons)) }

  /// How often the `rank`-th from below and the `rank`-th from above hold the median between them.
  static func coverage(rank: Int, of count: Int) -> Double {
    1 - 2 * (0..<rank).reduce(0) { $0 + chance(ofHeads: $1, in: count) }
  }

  /// By its logarithm: for more than a thousand throws the chance of none is no number.
  private static func chance(ofHeads heads: Int, in throws: Int) -> Double {
    let (count, heads) = (Double(`throws`), Double(heads))
    return exp(lgamma(count + 1) - lgamma(heads + 1) - lgamma(count - heads + 1) - count * M_LN2)
  }
}
