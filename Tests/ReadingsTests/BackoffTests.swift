import Answers
import MonotonicTime
import Readings
import Testing

@Suite struct BackoffTests {
  private let backoff = Backoff(base: .milliseconds(250), factor: 2, ceiling: .seconds(8))

  @Test func `the bound doubles up to its ceiling and stays there`() {
    #expect(
      (0..<8).map { backoff.bound(attempt: $0).inMilliseconds } == [
        250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000,
      ])
    #expect(backoff.bound(attempt: 1_000_000) == .seconds(8))
  }

  @Test func `a base above the ceiling is cut`() {
    #expect(Backoff(base: .seconds(10), ceiling: .seconds(3)).bound(attempt: 0) == .seconds(3))
  }

  @Test(arguments: [0, 1, 5, 30])
  func `waits are spread over all of the bound, and none is longer`(_ attempt: Int) {
    var generator = SeededGenerator(seed: 1)
    let bound = backoff.bound(attempt: attempt)
    let waits = (0..<1_000).map { _ in backoff.delay(attempt: attempt, using: &generator) }
    #expect(waits.allSatisfy { $0 >= .zero && $0 < bound })
    #expect(waits.contains { $0 < bound * 0.1 })
    #expect(waits.contains { $0 > bound * 0.9 })
  }

  @Test func `the same seed gives the same waits, another one others`() {
    func waits(_ seed: UInt64) -> [Duration] {
      var generator = SeededGenerator(seed: seed)
      return (0..<5).map { backoff.delay(attempt: $0, using: &generator) }
    }
    #expect(waits(7) == waits(7))
    #expect(waits(7) != waits(8))
  }

  @Test func `what the server asked for is never cut short`() {
    var generator = SeededGenerator(seed: 3)
    for attempt in 0..<10 {
      let delay = backoff.delay(attempt: attempt, retryAfter: .seconds(20), using: &generator)
      #expect(delay >= .seconds(20))
      #expect(delay < .seconds(20) + backoff.bound(attempt: attempt))
    }
  }
}
