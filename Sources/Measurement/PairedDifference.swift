import Glibc

/// How an entry differs from the baseline, trial by trial: both read the same schedule in the same trial, so
/// what the trials have in common cancels out.
public struct PairedDifference: Hashable, Sendable, Codable {
  /// The mean of the trials' differences, entry less baseline.
  public var mean: Double
  public var low: Double
  public var high: Double
  public var trials: Int

  /// The interval is Student's. With five to ten trials a bootstrap interval is too narrow: it would show a
  /// difference in more than one of twenty comparisons of a thing with itself.
  /// - Parameters:
  ///   - comparisons: how many differences are looked at together. The 95 % hold for all of them at once
  ///     (Bonferroni), so that many metrics do not find a difference by their number.
  ///   - Returns: nil for fewer than two trials, which carry no interval, and for numbers so large that there is
  ///     none.
  public init?(_ entry: [Double], baseline: [Double], comparisons: Int = 1) {
    let differences = zip(entry, baseline).map { $0 - $1 }
    trials = differences.count
    guard trials > 1 else { return nil }
    let count = Double(trials)
    let mean = differences.reduce(0, +) / count
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let tail = 0.05 / 2 / Double(max(1, comparisons))
    let halfWidth = studentQuantile(upperTail: tail, degrees: trials - 1) * (variance / count).squareRoot()
    self.mean = mean
    low = mean - halfWidth
    high = mean + halfWidth
    guard low.isFinite, high.isFinite else { return nil }
  }

  /// Whether the interval leaves zero out. Otherwise no difference was shown, which is not to say that there
  /// is none.
  public var isShown: Bool { low > 0 || high < 0 }
}

/// The value that Student's distribution exceeds with this probability (Hill, 1970, algorithm 396: better than
/// six digits for the tails used here; one and two degrees are exact).
func studentQuantile(upperTail: Double, degrees: Int) -> Double {
  let p = 2 * upperTail
  let n = Double(degrees)
  if degrees == 1 { return 1 / tan(p * .pi / 2) }
  if degrees == 2 { return (2 / (p * (2 - p)) - 2).squareRoot() }
  let a = 1 / (n - 0.5)
  let b = 48 / (a * a)
  var c = ((20_700 * a / b - 98) * a - 16) * a + 96.36
  let d = ((94.5 / (b + c) - 3) / b + 1) * (a * .pi / 2).squareRoot() * n
  var x = d * p
  var y = pow(x, 2 / n)
  if y > 0.05 + a {
    x = normalQuantile(p / 2)
    y = x * x
    if degrees < 5 { c += 0.3 * (n - 4.5) * (x + 0.6) }
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    y = a * y * y
    y = y > 0.002 ? exp(y) - 1 : 0.5 * y * y + y
  } else {
    y =
      ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) * (n + 1)
      / (n + 2)
      + 1 / y
  }
  return (n * y).squareRoot()
}

/// The point below which a standard normal lies with this (small) probability, by Newton's method on `erfc`.
private func normalQuantile(_ probability: Double) -> Double {
  var x = -1.0
  for _ in 0..<60 {
    let density = exp(-x * x / 2) / (2 * .pi).squareRoot()
    let step = (0.5 * erfc(-x / 2.0.squareRoot()) - probability) / density
    x -= max(-1, min(1, step))
    if abs(step) < 1e-13 { break }
  }
  return x
}
