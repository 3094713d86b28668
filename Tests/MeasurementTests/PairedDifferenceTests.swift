import Measurement
import Testing

@Suite struct PairedDifferenceTests {
  private func pairs(_ entry: [Double], _ baseline: [Double]) -> [(entry: Double, baseline: Double)] {
    zip(entry, baseline).map { (entry: $0, baseline: $1) }
  }

  @Test func `without a pair there is none`() {
    #expect(PairedDifference(runs: []) == nil)
    #expect(PairedDifference(runs: [[]]) == nil)
  }

  @Test func `numbers whose difference is none have none`() {
    #expect(PairedDifference(runs: [pairs([1e308], [-1e308])]) == nil)
  }

  @Test func `it is the median of the trials' own differences`() throws {
    let difference = try #require(
      PairedDifference(runs: [pairs([11, 22, 33, 44, 55, 66], [10, 20, 30, 40, 50, 60])]))
    #expect(difference.estimate.median == 3.5)
    #expect(difference.estimate.interval == Interval(ofMedian: [1, 2, 3, 4, 5, 6]))
    #expect(difference.verdict == .shown)
  }

  @Test func `no difference at all is none`() throws {
    let values = [1.5, 2.5, 99, 0.1, 7, 8]
    let difference = try #require(PairedDifference(runs: [pairs(values, values)]))
    #expect(difference.verdict == .notShown)
    #expect(difference.estimate.median == 0)
  }

  @Test func `a clear shift is shown with its sign`() throws {
    let baseline = [10.0, 30, 20, 50, 40, 90, 80, 60, 70]
    let noise = [0.1, -0.2, 0, 0.2, -0.1, 0.1, 0, -0.1, 0.1]
    for shift in [-2.0, 2] {
      let entry = zip(baseline, noise).map { $0 + $1 + shift }
      let difference = try #require(PairedDifference(runs: [pairs(entry, baseline)], comparisons: 8))
      #expect(difference.verdict == .shown)
      #expect(abs(difference.estimate.median - shift) <= 0.1)
    }
  }

  @Test func `too few pairs are said to be too few, and how many it takes`() throws {
    let difference = try #require(
      PairedDifference(runs: [pairs([5, 6, 7, 8, 9, 10], [1, 1, 1, 1, 1, 1])], comparisons: 8))
    #expect(difference.verdict == .tooFew(needed: 9))
    #expect(difference.estimate.interval == nil)
    #expect(difference.estimate.median == 6.5)
  }

  @Test func `several runs are compared by the medians of their differences`() throws {
    let runs = (1...6).map { run in pairs([10, 11, 90], [10 - Double(run), 11 - Double(run), 0]) }
    let difference = try #require(PairedDifference(runs: runs))
    #expect(difference.estimate.basis == .runs)
    #expect(difference.estimate.interval == Interval(ofMedian: [1, 2, 3, 4, 5, 6]))
  }
}
