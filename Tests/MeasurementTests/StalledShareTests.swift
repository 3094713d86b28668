import Measurement
import MonotonicTime
import Readings
import Testing

@Suite struct StalledShareTests {
  /// Three tokens, meant to come 100 ms apart.
  private func share(at instants: [Int]) -> Double? {
    Readings.reading(asked: 0, started: 0, arrivals: instants.enumerated().map { ($0, $1) }).stalledShare
  }

  @Test func `who keeps the schedule does not stall, however late the first token was`() {
    #expect(share(at: [100, 200, 300]) == 0)
    #expect(share(at: [5_100, 5_200, 5_300]) == 0)
  }

  @Test func `what nobody sees as a pause is none`() {
    #expect(share(at: [100, 299, 300]) == 0)
  }

  @Test func `what two tokens are further apart than they were to be is a stall`() {
    // 300 ms apart instead of 100.
    #expect(share(at: [100, 400, 400]) == 200.0 / 300)
    #expect(share(at: [100, 300, 500]) == 200.0 / 400)
  }

  @Test func `a token that came again is no stall by itself`() {
    let reading = Readings.reading(asked: 0, started: 0, arrivals: [(0, 100), (1, 200), (0, 250), (2, 300)])
    #expect(reading.stalledShare == 0)
  }

  @Test func `one token, or all at once, has no time in which to stall`() {
    #expect(share(at: [100]) == nil && share(at: []) == nil && share(at: [100, 100, 100]) == nil)
  }

  @Test func `a trial has the mean of its readers`() {
    let readings = [[100, 200, 300], [100, 400, 400]].map { instants in
      Readings.reading(asked: 0, started: 0, arrivals: instants.enumerated().map { ($0, $1) })
    }
    let share = TrialMeasurement(entry: "e", trial: 0, readings: readings).values[.timeStalled]
    #expect(abs((share ?? 0) - 100.0 / 3) < 0.000_1)
  }
}
