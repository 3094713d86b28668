import Measurement
import Testing

@Suite struct EstimateTests {
  @Test func `without values there is no estimate`() {
    #expect(Estimate([]) == nil)
    #expect(Estimate(runs: [[], []]) == nil)
  }

  @Test func `few values have a median and their ends, and no interval`() throws {
    let estimate = try #require(Estimate([4.5, 1, 9]))
    #expect(estimate.median == 4.5)
    #expect(estimate.interval == nil)
    #expect((estimate.least, estimate.greatest) == (1, 9))
    #expect(estimate.basis == .trials && estimate.count == 3)
  }

  @Test func `trials of one run carry an interval of that run`() throws {
    let estimate = try #require(Estimate([3, 1, 2, 6, 5, 4]))
    #expect(estimate.median == 3.5)
    #expect(estimate.interval == Interval(ofMedian: [1, 2, 3, 4, 5, 6]))
    #expect(estimate.basis == .trials && estimate.count == 6)
  }

  @Test func `several runs count by their medians, however many trials they have`() throws {
    let runs = (1...6).map { run in [Double(run), Double(run) + 0.1, Double(run) - 50] }
    let estimate = try #require(Estimate(runs: runs))
    #expect(estimate.median == 3.5)
    #expect(estimate.interval == Interval(ofMedian: [1, 2, 3, 4, 5, 6]))
    #expect(estimate.basis == .runs && estimate.count == 6)
    // The worst trial is not hidden by its run's median.
    #expect((estimate.least, estimate.greatest) == (-49, 6.1))
  }

  // Six trials of one run would carry an interval, which would stand among those of runs.
  @Test func `where one run of several has the number, its trials are no repetitions`() throws {
    let estimate = try #require(Estimate(runs: [[], [1, 2, 3, 4, 5, 6], []]))
    #expect(estimate.basis == .runs && estimate.count == 1 && estimate.interval == nil)
    #expect(estimate.median == 3.5 && estimate.range == 1...6)
  }
}
