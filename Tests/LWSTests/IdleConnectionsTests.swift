import MonotonicTime
import Testing

@testable import LWS

@Suite struct IdleConnectionsTests {
  private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

  @Test func `the longest silent comes first, and not too early`() {
    var idle = IdleConnections<String>()
    #expect(idle.longestSince == nil)
    idle.join(7, "a", now: at(1))
    idle.join(2, "b", now: at(2))
    idle.join(5, "c", now: at(3))
    #expect(idle.longestSince == at(1))
    #expect(idle.popSilent(since: at(0)) == nil)
    #expect(idle.popSilent(since: at(2)) == "a")
    #expect(idle.popSilent(since: at(2)) == "b")
    #expect(idle.popSilent(since: at(2)) == nil)
    #expect(idle.longestSince == at(3))
  }

  @Test func `who speaks is taken out, wherever it stands, and joins behind the others`() {
    var idle = IdleConnections<String>()
    for (number, name) in ["a", "b", "c", "d"].enumerated() {
      idle.join(number, name, now: at(Int64(number)))
    }
    idle.leave(1)
    idle.leave(0)
    idle.leave(3)
    idle.leave(3)
    idle.leave(99)
    idle.join(0, "a", now: at(9))
    #expect(idle.popSilent(since: at(9)) == "c")
    #expect(idle.popSilent(since: at(9)) == "a")
    #expect(idle.popSilent(since: at(9)) == nil)
    #expect(idle.longestSince == nil)
  }

  @Test func `many that come and go keep their order`() {
    var generator = SystemRandomNumberGenerator()
    var idle = IdleConnections<Int>()
    var model: [Int] = []
    for second in 0..<2_000 as Range<Int64> {
      let number = Int.random(in: 0..<50, using: &generator)
      idle.leave(number)
      model.removeAll { $0 == number }
      if Bool.random(using: &generator) {
        idle.join(number, number, now: at(second))
        model.append(number)
      }
    }
    var popped: [Int] = []
    while let number = idle.popSilent(since: at(2_000)) { popped.append(number) }
    #expect(popped == model)
  }
}
