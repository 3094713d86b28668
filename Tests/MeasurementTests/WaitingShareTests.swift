import Answers
import Measurement
import MonotonicTime
import Readings
import Testing

@Suite struct WaitingShareTests {
  /// - Parameter instants: of the tokens, in order, in milliseconds since the reader asked.
  private func reading(_ texts: [String], at instants: [Int]) -> Reading {
    var reading = Reading(asked: Readings.at(5_000), started: Readings.at(5_010), texts: texts)
    reading.arrivals = instants.enumerated().map {
      Arrival(index: $0, at: Readings.at(5_000 + $1), isIntact: true)
    }
    return reading
  }

  private func share(_ texts: [String], at instants: [Int]) -> Double? {
    reading(texts, at: instants).waitingShare
  }

  private let five = ["a ", "b ", "c ", "d ", "e"]

  @Test func `who gets all at once waits for the first token alone`() {
    #expect(share(five, at: [250, 250, 250, 250, 250]) == 250.0 / 1_250)
    #expect(share(five, at: [0, 0, 0, 0, 0]) == 0)
  }

  @Test func `who gets five words a second waits for the first token alone`() {
    #expect(share(five, at: [250, 450, 650, 850, 1_050]) == 250.0 / 1_250)
  }

  @Test func `who gets fewer waits for each word`() {
    // 250, and 100 for each of four.
    #expect(share(five, at: [250, 550, 850, 1_150, 1_450]) == 650.0 / 1_650)
  }

  @Test func `who gets more waits no less`() {
    #expect(share(five, at: [250, 260, 270, 280, 290]) == 250.0 / 1_250)
  }

  @Test func `a stall costs what is left of it when the words in hand are read`() {
    // Three words until 850; the fourth comes 150 later, and the fifth is there when that one is read.
    #expect(share(five, at: [250, 250, 250, 1_000, 1_000]) == 400.0 / 1_400)
    #expect(share(five, at: [250, 250, 250, 850, 850]) == 250.0 / 1_250)
  }

  @Test func `a burst makes up for no wait that was`() {
    #expect(share(five, at: [1_000, 1_000, 1_000, 1_000, 1_000]) == 1_000.0 / 2_000)
  }

  @Test func `one word`() {
    #expect(share(["word"], at: [300]) == 300.0 / 500)
  }

  @Test func `a part of a word is not read`() {
    #expect(share(["str", "eam", "ing", " on"], at: [100, 200, 300, 400]) == 400.0 / 800)
    #expect(share(["stream", " on"], at: [100, 700]) == 700.0 / 1_100)
  }

  @Test func `an answer without a word is not read`() {
    #expect(share([], at: []) == nil)
    #expect(share([" ", "\n"], at: [100, 200]) == nil)
    #expect(share([" ", "\n"], at: []) == nil)
    #expect(Readings.steady.waitingShare == nil)
  }

  @Test func `who lacks a token waits for ever`() {
    #expect(share(five, at: [250, 250, 250, 250]) == 1)
    #expect(share(five, at: []) == 1)
    var altered = reading(five, at: [250, 250, 250, 250, 250])
    altered.arrivals[2].isIntact = false
    #expect(altered.waitingShare == 1)
    // The right one came too.
    altered.arrivals.append(Arrival(index: 2, at: Readings.at(5_850), isIntact: true))
    #expect(altered.waitingShare == 450.0 / 1_450)
  }

  @Test func `nobody reads on past what is missing`() {
    var reading = reading(five, at: [250, 250, 250, 250, 250])
    reading.arrivals = [0, 2, 3, 4].map { Arrival(index: $0, at: Readings.at(5_250), isIntact: true) }
    reading.arrivals.append(Arrival(index: 1, at: Readings.at(5_650), isIntact: true))
    #expect(reading.waitingShare == 450.0 / 1_450)
  }

  @Test func `what comes twice counts once, and what nobody planned not at all`() {
    var reading = reading(five, at: [250, 250, 250, 250, 250])
    reading.arrivals += [0, 1, 4, 5, -1].map { Arrival(index: $0, at: Readings.at(9_000), isIntact: true) }
    #expect(reading.waitingShare == 250.0 / 1_250)
  }

  @Test func `a stopped answer ends with the last token that was to come`() {
    var stopped = reading(five, at: [250, 250])
    stopped.expectedCount = 2
    #expect(stopped.waitingShare == 250.0 / 650)
    stopped.expectedCount = 3
    #expect(stopped.waitingShare == 1)
    stopped.expectedCount = 0
    #expect(stopped.waitingShare == nil)
  }

  @Test func `a trial has the median over its readers, in percent`() {
    let readings = [
      reading(["word"], at: [50]), reading(["word"], at: [300]), reading(["word"], at: []), Readings.steady,
    ]
    #expect(TrialMeasurement(entry: "e", trial: 0, readings: readings).values[.timeWaiting] == 60)
    #expect(
      TrialMeasurement(entry: "e", trial: 0, readings: [Readings.steady]).values[.timeWaiting] == nil)
  }
}
