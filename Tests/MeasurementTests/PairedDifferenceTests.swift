import Glibc
import Testing

@testable import Measurement
@testable import TokenStream

@Suite struct PairedDifferenceTests {
  @Test(arguments: [
    (0.025, 1, 12.7062), (0.025, 2, 4.3027), (0.025, 3, 3.1824), (0.025, 4, 2.7764), (0.025, 5, 2.5706),
    (0.025, 9, 2.2622), (0.025, 30, 2.0423), (0.005, 4, 4.6041),
  ])
  func `Student's quantile is the literature's`(_ tail: Double, _ degrees: Int, _ value: Double) {
    let quantile = studentQuantile(upperTail: tail, degrees: degrees)
    #expect(abs(quantile / value - 1) < 0.001, "\(quantile)")
  }

  // With four degrees of freedom the distribution has a closed form, to hold the far tails against.
  @Test(arguments: [0.05, 0.025, 0.025 / 8, 0.025 / 21, 1e-5])
  func `the far tails are right, as many comparisons need them`(_ tail: Double) {
    let t = studentQuantile(upperTail: tail, degrees: 4)
    let x = t / (t * t + 4).squareRoot()
    let beyond = 0.5 - (0.75 * x - 0.25 * x * x * x)
    #expect(abs(beyond / tail - 1) < 0.001, "\(t)")
  }

  @Test func `fewer than two trials carry no interval`() {
    #expect(PairedDifference([], baseline: []) == nil)
    #expect(PairedDifference([5], baseline: [1]) == nil)
    #expect(PairedDifference([5, 6], baseline: [1]) == nil)
  }

  @Test func `no difference at all holds zero`() throws {
    let values = [1.5, 2.5, 99, 0.1, 7]
    let difference = try #require(PairedDifference(values, baseline: values))
    #expect(difference.mean == 0)
    #expect(difference.low == 0)
    #expect(difference.high == 0)
    #expect(difference.trials == 5)
    #expect(!difference.isShown)
  }

  @Test func `an interval by hand`() throws {
    // Differences 1, 2, 3, 4, 5: mean 3, standard error √(2.5 / 5).
    let difference = try #require(
      PairedDifference([11, 22, 33, 44, 55], baseline: [10, 20, 30, 40, 50]))
    #expect(difference.mean == 3)
    #expect(abs(difference.low - (3 - 2.7764 * 0.707107)) < 0.001)
    #expect(abs(difference.high - (3 + 2.7764 * 0.707107)) < 0.001)
  }

  @Test func `a clear shift is shown with its sign`() throws {
    let baseline = [10.0, 30, 20, 50, 40]
    let noise = [0.1, -0.2, 0, 0.2, -0.1]
    for shift in [-2.0, 2] {
      let entry = zip(baseline, noise).map { $0 + $1 + shift }
      let difference = try #require(PairedDifference(entry, baseline: baseline, comparisons: 8))
      #expect(difference.isShown)
      #expect(abs(difference.mean - shift) < 0.001)
      #expect(shift > 0 ? difference.low > 0 : difference.high < 0)
    }
  }

  @Test func `more comparisons make the interval wider`() throws {
    let entry = [1.0, 2, 3, 4, 6]
    let baseline = [2.0, 2, 2, 2, 2]
    let widths = try [1, 2, 8, 21].map {
      let difference = try #require(PairedDifference(entry, baseline: baseline, comparisons: $0))
      return difference.high - difference.low
    }
    #expect(widths == widths.sorted())
    #expect(Set(widths).count == 4)
    #expect(
      PairedDifference(entry, baseline: baseline, comparisons: 0)
        == PairedDifference(entry, baseline: baseline))
  }

  /// The share of 2,000 comparisons of a thing with itself that show a difference in any of so many metrics.
  private func falseAlarms(metrics: Int, spread: Double) -> Double {
    var generator = SeededGenerator(seed: 0xaa)
    func trials() -> [Double] { (0..<5).map { _ in exp(spread * generator.normal()) } }
    let alarms = (0..<2_000).count { _ in
      let differences = (0..<metrics).map { _ in
        PairedDifference(trials(), baseline: trials(), comparisons: metrics)
      }
      return differences.contains { $0?.isShown == true }
    }
    return Double(alarms) / 2_000
  }

  @Test(arguments: [0.3, 1])
  func `a thing hardly ever differs from itself`(_ spread: Double) {
    let share = falseAlarms(metrics: 1, spread: spread)
    #expect(share <= 0.05, "\(share)")
    // Not because nothing is ever shown.
    #expect(share > 0.005, "\(share)")
  }

  @Test(arguments: [0.3, 1])
  func `nor in any of eight metrics at once`(_ spread: Double) {
    let share = falseAlarms(metrics: 8, spread: spread)
    #expect(share <= 0.05, "\(share)")
    #expect(share > 0.002, "\(share)")
  }
}
