import MonotonicTime
import Testing

@testable import LabClient

@Suite struct ClockOffsetTests {
  private func at(_ milliseconds: Int) -> Instant { Instant(nanoseconds: Int64(milliseconds) * 1_000_000) }

  @Test(arguments: [-5_000, 0, 70_000])
  func `what a server wrote down in the middle of a round trip is right`(_ ahead: Int) {
    let offset = ClockOffset(told: at(100_050 + ahead), between: at(100_000), and: at(100_100))
    #expect(offset.ahead == .milliseconds(ahead))
    #expect(offset.uncertainty == .milliseconds(50))
    #expect(offset.here(at(100_050 + ahead)) == at(100_050))
  }

  @Test(arguments: [100_000, 100_100])
  func `what it wrote down at either end is wrong by no more than it may be`(_ told: Int) {
    let offset = ClockOffset(told: at(told), between: at(100_000), and: at(100_100))
    let error = offset.here(at(told)).duration(to: at(told))
    let isWithin = error <= offset.uncertainty && Duration.zero - error <= offset.uncertainty
    #expect(isWithin)
  }
}
