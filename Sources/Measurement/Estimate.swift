/// A number over repetitions: the median, how sure it is, and how far single repetitions went.
public struct Estimate: Hashable, Sendable, Codable {
  /// What was repeated, and so what the interval says: trials of one run tell how well that run would repeat itself,
  /// runs tell what this machine shows from one to another.
  public enum Basis: String, Hashable, Sendable, Codable {
    case trials, runs
  }

  public var median: Double
  /// Holds the median of what the values are drawn from in 95 % of repetitions at least; nil for fewer values than that
  /// takes.
  public var interval: Interval?
  public var basis: Basis
  /// How many values the interval rests on.
  public var count: Int
  /// The ends of all trials' values.
  public var least: Double
  public var greatest: Double

  /// The ends of the interval, or of all trials where they carry none.
  public var range: ClosedRange<Double> {
    interval.map { $0.low...$0.high } ?? least...greatest
  }

  /// - Parameter values: one a trial; nil without any.
  public init?(_ values: [Double]) {
    self.init(runs: [values])
  }

  /// - Parameters:
  ///   - runs: by run, one value a trial. Of several runs, the median and the interval are over the runs' own medians:
  ///     trials of one run share what is peculiar to it, and are no repetitions of another. A run without a value has no
  ///     median, and does not make trials of what was taken as runs.
  ///   - comparisons: how many estimates are looked at together; their intervals hold all at once.
  public init?(runs: [[Double]], comparisons: Int = 1) {
    let medians = runs.compactMap { Quantiles($0).median }
    let all = runs.flatMap(\.self)
    guard let least = all.min(), let greatest = all.max() else { return nil }
    basis = runs.count > 1 ? .runs : .trials
    let values = basis == .runs ? medians : all
    guard let median = Quantiles(values).median else { return nil }
    self.median = median
    interval = Interval(ofMedian: values, comparisons: comparisons)
    count = values.count
    self.least = least
    self.greatest = greatest
  }
}
