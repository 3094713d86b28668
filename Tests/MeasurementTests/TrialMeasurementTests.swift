import LabClient
import Measurement
import MonotonicTime
import Readings
import Testing

@Suite struct TrialMeasurementTests {
  private func reading(_ arrivals: [(index: Int, at: Int)]) -> Reading {
    Readings.reading(asked: 0, started: 0, arrivals: arrivals)
  }

  private func measure(_ readings: [Reading]) -> TrialMeasurement {
    TrialMeasurement(entry: "e", trial: 3, readings: readings)
  }

  @Test func `one reader's numbers`() {
    let values = measure([Readings.steady]).values.filter { $0.key.quantile == nil }
    #expect(
      values == [
        .timeToFirstTokenCold: 120, .delayMedian: 5, .gapMedian: 97.5, .bunching: 0,
        .timePerOutputToken: 97.5, .timeStalled: 0,
        .requests: 5.0 / 3, .connections: 1.0 / 3, .bytesDown: 300, .bytesDownPayload: 30,
        .bytesDownFraming: 70,
        .bytesDownHeads: 200, .bytesUp: 20, .bytesUpHeads: 16, .segments: 3,
      ])
  }

  @Test func `two readers' numbers, pooled`() {
    let measurement = measure([Readings.steady, Readings.bunched])
    #expect(measurement.entry == "e")
    #expect(measurement.trial == 3)
    #expect(
      measurement.values.filter { $0.key.quantile == nil } == [
        .timeToFirstTokenCold: 215, .delayMedian: 15, .gapMedian: 57.5, .bunching: 0.25,
        .timePerOutputToken: 53.75, .timeStalled: 0, .requests: 1, .connections: 1.0 / 3, .bytesDown: 200,
        .bytesDownPayload: 30,
        .bytesDownFraming: 55, .bytesDownHeads: 115, .bytesUp: 15, .bytesUpHeads: 11, .segments: 2,
      ])
    #expect(measurement.ledger.delivered == 6)
    #expect(measurement.ledger.isClean)
    #expect(measurement.failures == [])
    #expect(measurement.doubts == [])
    #expect((measurement.values[.delay99], measurement.values[.gap99]) == (200, 100))
  }

  @Test func `cold and warm readers are told apart`() {
    var warm = Readings.bunched
    warm.isWarm = true
    let values = measure([Readings.steady, warm]).values
    #expect(values[.timeToFirstTokenCold] == 120)
    #expect(values[.timeToFirstTokenWarm] == 310)
    #expect(values[.timePerOutputToken] == 53.75)
    #expect(measure([warm]).values[.timeToFirstTokenCold] == nil)
  }

  @Test func `the time to first token has its parts`() {
    var cold = Readings.steady
    cold.connected = Readings.at(2)
    cold.answered = Readings.at(12)
    var warm = Readings.bunched
    warm.isWarm = true
    warm.answered = Readings.at(1_030)
    #expect(measure([cold, warm]).values[.timeToConnect] == 2)
    #expect(measure([cold]).values[.timeToAsk] == 10)
    #expect(measure([cold]).values[.timeToWait] == 108)
    let values = measure([cold, warm]).values
    #expect((values[.timeToAsk], values[.timeToWait]) == (10, 108))
    let parts = [Metric.timeToConnect, .timeToAsk, .timeToWait]
    #expect(parts.allSatisfy { measure([warm]).values[$0] == nil })
  }

  @Test func `who did not ask has no time of asking`() {
    var reading = Readings.steady
    reading.connected = Readings.at(2)
    let values = measure([reading]).values
    #expect(values[.timeToConnect] == 2)
    #expect(values[.timeToAsk] == nil)
    #expect(values[.timeToWait] == nil)
  }

  // A late server must not hide its lateness: the schedule counts, not when the bytes were written.
  @Test func `delays count from the intended instants`() {
    #expect(measure([reading([(0, 1_100), (1, 1_200), (2, 1_300)])]).values[.delayMedian] == 1_000)
  }

  @Test func `a token that came early has a negative delay`() {
    #expect(measure([reading([(0, 90), (1, 190), (2, 290)])]).values[.delayMedian] == -10)
  }

  @Test func `a lost token counts in the ledger and in the costs`() {
    var reading = reading([(0, 100), (2, 300)])
    reading.requests = 1
    reading.down.total = 100
    let measurement = measure([reading])
    #expect(measurement.ledger.lost == 1)
    #expect(measurement.values[.requests] == 0.5)
    #expect(measurement.values[.bytesDown] == 50)
    #expect(measurement.values[.gapMedian] == 200)
  }

  @Test func `what the kernel did not count of a connection is no number`() {
    var gone = Readings.steady
    gone.isCounted = false
    gone.down.total = 0
    let values = measure([gone, Readings.bunched]).values
    let counted: [Metric] = [.bytesDown, .bytesDownFraming, .bytesUp, .segments]
    #expect(counted.allSatisfy { values[$0] == nil })
    #expect((values[.bytesDownPayload], values[.requests]) == (30, 1))
  }

  @Test func `an index outside the schedule has no delay`() {
    let measurement = measure([reading([(0, 101), (1, 201), (2, 301), (9, 5_000)])])
    #expect(measurement.values[.delayMedian] == 1)
    #expect(measurement.ledger.corrupted == 1)
  }

  /// Of so many tokens, 10 ms apart, the last two of every hundred are 7 ms late.
  private func late(_ count: Int) -> Reading {
    let offsets = (0..<count).map { Duration.milliseconds($0 * 10) }
    var reading = Reading(asked: Readings.at(0), started: Readings.at(0), offsets: offsets)
    reading.arrivals = (0..<count).map {
      Arrival(index: $0, at: Readings.at($0 * 10 + ($0 % 100 < 98 ? 0 : 7)), isIntact: true)
    }
    return reading
  }

  @Test func `a percentile comes with the samples that it rests on`() {
    let measurement = measure([late(200), late(299)])
    #expect(measurement.values[.delay99] == 7)
    #expect(measurement.effectiveSamples == [.delay99: 499, .delay999: 499, .gap99: 497])
    #expect(measure([]).effectiveSamples == [:])
  }

  @Test func `the samples of one reader are none of what another would see`() {
    #expect(measure([late(5_000)]).effectiveSamples?[.delay99] == 1)
    // A stream that stood still in front of one of two readers is one event, however many tokens waited.
    var stalled = late(1_000)
    for index in 980..<1_000 { stalled.arrivals[index].at = Readings.at(50 + index * 10) }
    let two = measure([late(1_000), stalled])
    #expect((two.effectiveSamples?[.delay99]).map { $0 < 200 } == true)
    #expect(two.values[.delayMedian] == 0)
  }

  @Test func `a moment in which all readers stood still is one event`() {
    var stalled = late(1_000)
    for index in 980..<990 { stalled.arrivals[index].at = Readings.at(9_900) }
    let eight = measure(Array(repeating: stalled, count: 8))
    #expect((eight.effectiveSamples?[.delay99]).map { $0 < 500 } == true)
  }

  @Test func `readers that got nothing leave no numbers, but losses and failures`() {
    var failed = reading([])
    failed.requests = 1
    failed.failure = "the server cannot be reached: no"
    let measurement = measure([failed, failed])
    #expect(measurement.values.isEmpty)
    #expect(measurement.ledger.lost == 6)
    #expect(measurement.failures == ["the server cannot be reached: no"])
  }

  @Test func `readers that could not read at all leave no numbers, but losses and why`() {
    let failed = TrialMeasurement(entry: "e", trial: 3, readers: 600, tokens: 20, failure: "no links")
    #expect(failed.values.isEmpty)
    #expect(failed.ledger.lost == 12_000)
    #expect(!failed.ledger.isClean)
    #expect(failed.failures == ["no links"])
  }

  @Test func `one token has no gaps`() {
    let values = measure([reading([(0, 100)])]).values
    #expect(values[.delayMedian] == 0)
    #expect(values[.gapMedian] == nil)
    #expect(values[.bunching] == nil)
    #expect(values[.timePerOutputToken] == nil)
  }

  @Test func `failures are sorted, each once`() {
    let readings = ["b", "a", nil, "b"].map { failure in
      var reading = reading([])
      reading.failure = failure
      return reading
    }
    #expect(measure(readings).failures == ["a", "b"])
  }
}
