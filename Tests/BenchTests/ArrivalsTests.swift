import MonotonicTime
import Testing

@testable import Bench

@Suite struct ArrivalsTests {
  private var arrivals = Arrivals(readers: 1, gap: .milliseconds(100), tokens: 5, measured: 1..<4)
  private let second: Int64 = 1_000_000_000

  @Test("A delay counts from the intended instant, and only where it is measured")
  mutating func delays() {
    var next = 0
    for index in 0..<5 {
      let late = Int64(index) * 1_000_000
      arrivals.record(
        index, next: &next, first: second, now: second + Int64(index) * 100_000_000 + late)
    }
    #expect(arrivals.delays == [1_000, 2_000, 3_000])
    #expect(arrivals.ledger.isClean)
    #expect(arrivals.ledger.delivered == 5)
  }

  @Test("What is left out counts as lost, with the delay it had at the least")
  mutating func lost() {
    var next = 0
    arrivals.record(0, next: &next, first: 0, now: 0)
    arrivals.record(2, next: &next, first: 0, now: second)
    arrivals.finish(next: next, first: 0, now: second)
    #expect(arrivals.ledger.delivered == 2)
    #expect(arrivals.ledger.lost == 3)
    #expect(arrivals.delays == [900_000, 800_000, 700_000])
  }

  @Test("What comes before its instant is told")
  mutating func early() {
    var next = 0
    arrivals.record(0, next: &next, first: second, now: second)
    arrivals.record(1, next: &next, first: second, now: second + 99_999_999)
    #expect(arrivals.early == 1)
  }

  @Test("What comes twice, or was never to come, is told")
  mutating func doubled() {
    var next = 0
    for index in [0, 0, 9] { arrivals.record(index, next: &next, first: 0, now: 0) }
    #expect(arrivals.ledger.delivered == 1)
    #expect(arrivals.ledger.duplicated == 1)
    #expect(arrivals.ledger.corrupted == 1)
    #expect(arrivals.count == 3)
  }
}

@Suite struct PollRoundsTests {
  @Test("Readers ask one after the other across the interval, round after round")
  func order() {
    var rounds = PollRounds(readers: 4, interval: .nanoseconds(100))
    #expect(rounds.next == nil)
    rounds.start(at: Instant(nanoseconds: 1_000))
    var asked: [Int] = []
    while let reader = rounds.nextDue(at: Instant(nanoseconds: 1_130)) { asked.append(reader) }
    #expect(asked == [0, 1, 2, 3, 0, 1])
    #expect(rounds.next == Instant(nanoseconds: 1_150))
  }

  @Test("Readers without an interval are never due")
  func none() {
    var rounds = PollRounds(readers: 4, interval: nil)
    rounds.start(at: Instant(nanoseconds: 0))
    #expect(rounds.next == nil)
    #expect(rounds.nextDue(at: .now) == nil)
  }
}
