import Testing

@testable import Bench

@Suite struct RatioTests {
  @Test("The ratio is that of the medians, within the interval of the trials' own")
  func ratio() throws {
    let ratio = try #require(Ratio([2.0, 4.2, 6.6, 9.2, 12, 15], to: [1, 2, 3, 4, 5, 6]))
    #expect(abs(ratio.ratio - 7.9 / 3.5) < 1e-9)
    let interval = try #require(ratio.interval)
    #expect((interval.low, interval.high) == (2, 2.5))
  }

  @Test("What trials have in common cancels out")
  func paired() throws {
    let ratio = try #require(Ratio([2.0, 20, 200, 4, 40, 400], to: [1, 10, 100, 2, 20, 200]))
    let interval = try #require(ratio.interval)
    #expect((interval.low, interval.high) == (2, 2))
  }

  @Test("An interval that says nothing is not written out")
  func words() {
    let six = [1.0, 2, 3, 4, 5, 6]
    #expect(Ratio(six, to: six)?.words == "1.00 [1.00, 1.00]")
    #expect(Ratio(six, to: [1, 2, 3, 4, 5, 6e6])?.words == "1.00 (too uneven)")
    #expect(Ratio([3], to: [2])?.words == "1.50")
  }

  @Test("Few trials carry no interval, and none no ratio")
  func few() {
    #expect(Ratio([3], to: [2])?.ratio == 1.5)
    #expect(Ratio([3, 3, 3, 3, 3], to: [2, 2, 2, 2, 2])?.interval == nil)
    #expect(Ratio([], to: []) == nil)
    #expect(Ratio([nil, 1], to: [1, nil]) == nil)
    #expect(Ratio([1], to: [0]) == nil)
  }
}
