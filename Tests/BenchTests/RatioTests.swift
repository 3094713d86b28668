import Testing

@testable import Bench

@Suite struct RatioTests {
  @Test("The ratio is the median of the trials' own")
  func ratio() throws {
    let ratio = try #require(Ratio([2.0, 4.2, 6.0], to: [1, 2, 3]))
    #expect(ratio.estimate.median == 2)
    #expect(ratio.estimate.greatest == 2.1)
    #expect(ratio.estimate.interval == nil)
  }

  @Test("What trials have in common cancels out")
  func paired() throws {
    let ratio = try #require(Ratio([2.0, 20, 200, 2, 4, 8], to: [1, 10, 100, 1, 2, 4]))
    #expect(ratio.estimate.interval?.low == 2 && ratio.estimate.interval?.high == 2)
  }

  @Test("How far two that are the same seem apart is the same in both directions")
  func farthest() throws {
    #expect(abs(try #require(Ratio([1.0, 1.25], to: [1, 1])).farthest - 0.25) < 1e-9)
    #expect(abs(try #require(Ratio([1.0, 1], to: [1, 1.25])).farthest - 0.25) < 1e-9)
    #expect(try #require(Ratio([3.0], to: [3])).farthest == 0)
  }

  @Test("Trials without a partner are left out, and none or none above zero have no ratio")
  func few() {
    #expect(Ratio([3, nil, 4], to: [2, 1, nil])?.estimate.median == 1.5)
    #expect(Ratio([], to: []) == nil)
    #expect(Ratio([nil, 1], to: [1, nil]) == nil)
    #expect(Ratio([1], to: [0]) == nil)
  }
}
