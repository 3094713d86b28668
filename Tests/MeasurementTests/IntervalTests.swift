import Testing

@testable import Measurement

@Suite struct IntervalTests {
  // By hand: 1 − 2 · 0.5ⁿ, and one term more for the second rank.
  @Test(arguments: [(6, 1, 0.96875), (7, 1, 0.984375), (9, 2, 0.9609375), (20, 6, 0.95861053466796875)])
  func `how often two order statistics hold the median`(_ count: Int, _ rank: Int, _ coverage: Double) {
    #expect(abs(Interval.coverage(rank: rank, of: count) - coverage) < 1e-12)
  }

  @Test func `fewer than six values carry none`() {
    #expect(Interval(ofMedian: []) == nil)
    #expect(Interval(ofMedian: [1, 2, 3, 4, 5]) == nil)
    #expect(Interval(ofMedian: [1, 2, 3, 4, 5, 6]) != nil)
  }

  @Test func `it is the narrowest that is wide enough`() throws {
    let six = try #require(Interval(ofMedian: [6, 1, 5, 2, 4, 3]))
    #expect((six.low, six.high) == (1, 6))
    #expect(abs(six.coverage - 0.96875) < 1e-12)
    let nine = try #require(Interval(ofMedian: (1...9).map(Double.init)))
    #expect((nine.low, nine.high) == (2, 8))
    let twenty = try #require(Interval(ofMedian: (1...20).map(Double.init)))
    #expect((twenty.low, twenty.high) == (6, 15))
  }

  @Test func `so many comparisons take so many values`() {
    #expect(
      [1, 2, 3, 6, 7, 12, 13].map { Interval.valuesNeeded(comparisons: $0) } == [6, 7, 7, 8, 9, 9, 10])
    #expect(Interval(ofMedian: Array(repeating: 1, count: 8), comparisons: 7) == nil)
    #expect(Interval(ofMedian: Array(repeating: 1, count: 9), comparisons: 7) != nil)
    #expect(Interval.valuesNeeded(comparisons: 0) == Interval.valuesNeeded(comparisons: 1))
  }

  @Test func `equal values have an interval of no width`() throws {
    let interval = try #require(Interval(ofMedian: Array(repeating: 3, count: 9)))
    #expect((interval.low, interval.high) == (3, 3))
  }

  @Test func `very many values have one too`() throws {
    let interval = try #require(Interval(ofMedian: (0..<1_000).map(Double.init)))
    #expect((interval.low, interval.high) == (468, 531))
    #expect((0.95...0.96).contains(interval.coverage))
  }

  // The chance that none of so many throws shows heads is no number.
  @Test(arguments: [1_074, 1_075, 1_100, 10_000])
  func `nor are they too many`(_ count: Int) throws {
    let interval = try #require(Interval(ofMedian: (0..<count).map(Double.init)))
    #expect((0.95...0.96).contains(interval.coverage))
    // By the normal distribution's approximation.
    #expect(abs(interval.high - interval.low - 1.96 * Double(count).squareRoot()) < 4)
  }
}
