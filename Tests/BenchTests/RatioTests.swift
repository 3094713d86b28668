import Testing

@testable import Bench

@Suite struct RatioTests {
  @Test("The ratio is that of the medians, within the interval of the trials' own")
  func ratio() throws {
    let ratio = try #require(Ratio([2.0, 4.2, 6.0], to: [1, 2, 3]))
    #expect(abs(ratio.ratio - 2.1) < 1e-9)
    let (low, high) = (try #require(ratio.low), try #require(ratio.high))
    #expect(low < 2.0 && 2.1 < high)
  }

  @Test("What trials have in common cancels out")
  func paired() throws {
    let ratio = try #require(Ratio([2.0, 20, 200], to: [1, 10, 100]))
    #expect(abs(try #require(ratio.low) - 2) < 1e-9)
    #expect(abs(try #require(ratio.high) - 2) < 1e-9)
  }

  @Test("An interval that says nothing is not written out")
  func words() {
    #expect(Ratio([2.0, 4.2, 6.0], to: [2, 4.2, 6])?.words == "1.00 (1.00–1.00)")
    #expect(Ratio([1, 1], to: [1, 1_000_000])?.words == "0.00 (too uneven)")
    #expect(Ratio([3], to: [2])?.words == "1.50")
  }

  @Test("One trial carries no interval, and none no ratio")
  func few() {
    #expect(Ratio([3], to: [2])?.ratio == 1.5)
    #expect(Ratio([3], to: [2])?.low == nil)
    #expect(Ratio([], to: []) == nil)
    #expect(Ratio([nil, 1], to: [1, nil]) == nil)
    #expect(Ratio([1], to: [0]) == nil)
  }
}
