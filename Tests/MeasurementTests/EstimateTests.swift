import Measurement
import Testing

@Suite struct EstimateTests {
  @Test func `without values there is no estimate`() {
    #expect(Estimate([]) == nil)
  }

  @Test func `one value carries no interval`() throws {
    let estimate = try #require(Estimate([4.5]))
    #expect(estimate.median == 4.5)
    #expect(estimate.low == 4.5)
    #expect(estimate.high == 4.5)
    #expect(estimate.halfWidth == 0)
    #expect(estimate.trials == 1)
  }

  @Test func `constant values have an interval of no width`() throws {
    let estimate = try #require(Estimate(Array(repeating: 3, count: 9)))
    #expect(estimate.median == 3)
    #expect(estimate.halfWidth == 0)
    #expect(estimate.trials == 9)
  }

  @Test func `the same values give the same interval`() {
    let values = (0..<11).map { Double($0 * $0 % 17) }
    #expect(Estimate(values) == Estimate(values))
  }

  @Test(arguments: [2, 3, 5, 10, 30])
  func `the interval holds the median and lies within the values`(_ count: Int) throws {
    let values = (0..<count).map { Double($0 * 7 % 31) }
    let estimate = try #require(Estimate(values))
    #expect(estimate.median == Quantiles(values).median)
    #expect(estimate.low <= estimate.median && estimate.median <= estimate.high)
    #expect(estimate.low < estimate.high)
    #expect(try estimate.low >= #require(values.min()))
    #expect(try estimate.high <= #require(values.max()))
    #expect(estimate.halfWidth == (estimate.high - estimate.low) / 2)
  }

  @Test func `more spread widens the interval, more trials narrow it`() throws {
    let near = try #require(Estimate((0..<10).map { 100 + Double($0) }))
    let far = try #require(Estimate((0..<10).map { 100 + 10 * Double($0) }))
    let many = try #require(Estimate((0..<1_000).map { 100 + Double($0 % 10) }))
    #expect(far.halfWidth > near.halfWidth)
    #expect(many.halfWidth < near.halfWidth)
  }
}
