import TokenStream

/// A median over trials with its 95 % confidence interval.
public struct Estimate: Hashable, Sendable, Codable {
  public var median: Double
  /// The interval's ends; equal to the median where there is one trial, which carries no interval.
  public var low: Double
  public var high: Double
  /// How many trials it rests on.
  public var trials: Int

  /// Resamples the trials with replacement (Efron's bootstrap, percentile interval). The resampling is seeded,
  /// so that the same trials give the same interval.
  /// - Parameter values: one a trial; nil without any.
  public init?(_ values: [Double]) {
    guard let median = Quantiles(values).median else { return nil }
    self.median = median
    trials = values.count
    var generator = SeededGenerator(seed: 0x5eed)
    let medians = (0..<Self.resamples).map { _ in
      Quantiles(values.map { _ in values.randomElement(using: &generator)! }).median!
    }
    let quantiles = Quantiles(medians)
    low = quantiles.value(at: 0.025)!
    high = quantiles.value(at: 0.975)!
  }

  private static let resamples = 2_000

  /// Half the interval's width, to be written behind ±.
  public var halfWidth: Double { high / 2 - low / 2 }
}
