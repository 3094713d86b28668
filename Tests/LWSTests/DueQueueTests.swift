import MonotonicTime
import Testing

@testable import LWS

@Suite struct DueQueueTests {
  private var queue = DueQueue()

  private func at(_ nanoseconds: Int) -> Instant { Instant(nanoseconds: Int64(nanoseconds)) }

  private mutating func timers(due: [Int]) -> [Timer] {
    due.map { due in
      let timer = Timer { _ in }
      queue.set(timer, due: at(due))
      return timer
    }
  }

  /// What is due first, taken out.
  private mutating func popDue(at now: Instant) -> (any DueAction)? {
    guard let action = queue.takeDue(at: now) else { return nil }
    queue.didCall(action)
    return action
  }

  private mutating func drain() -> [Int64] {
    var order: [Int64] = []
    while let next = queue.next, popDue(at: next) != nil { order.append(next.nanoseconds) }
    return order
  }

  @Test mutating func `an empty queue has nothing due`() {
    #expect(queue.next == nil)
    #expect(popDue(at: at(.max)) == nil)
  }

  @Test mutating func `timers come in the order of their instants`() {
    let timers = timers(due: [5, 3, 9, 1, 7, 3, 8])
    #expect(timers.allSatisfy { $0.isSet })
    #expect(queue.next == at(1))
    #expect(drain() == [1, 3, 3, 5, 7, 8, 9])
    #expect(!timers.contains { $0.isSet })
  }

  @Test mutating func `only what is due is taken out`() {
    let timers = timers(due: [10, 20])
    #expect(popDue(at: at(9)) == nil)
    #expect(popDue(at: at(10)) === timers[0])
    #expect(popDue(at: at(19)) == nil)
    #expect(queue.next == at(20))
    #expect(!timers[0].isSet)
    #expect(timers[1].isSet)
  }

  @Test mutating func `setting a timer again moves it`() {
    let timers = timers(due: [10, 20, 30])
    queue.set(timers[0], due: at(25))
    #expect(queue.next == at(20))
    queue.set(timers[2], due: at(5))
    #expect(popDue(at: at(.max)) === timers[2])
    #expect(popDue(at: at(.max)) === timers[1])
    #expect(popDue(at: at(.max)) === timers[0])
    #expect(queue.next == nil)
  }

  @Test mutating func `a timer can be taken out, also twice`() {
    let timers = timers(due: [10, 20, 30])
    queue.remove(timers[0])
    queue.remove(timers[0])
    #expect(!timers[0].isSet)
    #expect(drain() == [20, 30])
    queue.remove(timers[1])
    #expect(queue.next == nil)
  }

  @Test mutating func `a timer that came due can be set again`() {
    let timer = timers(due: [10])[0]
    #expect(popDue(at: at(10)) === timer)
    queue.set(timer, due: at(20))
    #expect(timer.isSet)
    #expect(drain() == [20])
  }

  @Test mutating func `what is being called is not set, and may set itself again`() throws {
    let timers = timers(due: [10, 20, 30])
    let taken = queue.takeDue(at: at(10))
    let first = try #require(taken)
    #expect(!first.isSet)
    queue.set(first, due: at(25))
    queue.didCall(first)
    #expect(first.isSet)
    #expect(popDue(at: at(.max)) === timers[1])
    #expect(drain() == [25, 30])
  }

  @Test mutating func `what is being called may be removed, and others set before it`() throws {
    let timers = timers(due: [10, 20])
    let taken = queue.takeDue(at: at(10))
    let first = try #require(taken)
    queue.remove(first)
    queue.set(timers[1], due: at(5))
    queue.didCall(first)
    #expect(drain() == [5])
    let second = Timer { _ in }
    queue.set(second, due: at(40))
    #expect(queue.takeDue(at: at(40)) === second)
    queue.set(timers[0], due: at(30))
    queue.didCall(second)
    #expect(!second.isSet)
    #expect(drain() == [30])
  }

  // Against the plainest thing that does the same: an array searched from end to end.
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  mutating func `random use agrees with a sorted array`(_ seed: UInt64) {
    var generator = Generator(state: seed)
    let timers = (0..<60).map { _ in Timer { _ in } }
    var model: [Int: Int] = [:]
    for _ in 0..<4_000 {
      let number = Int.random(in: timers.indices, using: &generator)
      let instant = Int.random(in: 0..<500, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0, 1:
        queue.set(timers[number], due: at(instant))
        model[number] = instant
      case 2:
        queue.remove(timers[number])
        model[number] = nil
      default:
        let least = model.values.min()
        let popped = popDue(at: at(instant))
        #expect((popped != nil) == (least.map { $0 <= instant } ?? false))
        if let popped, let position = timers.firstIndex(where: { $0 === popped }) {
          #expect(model.removeValue(forKey: position) == least)
        }
      }
      #expect(queue.next == model.values.min().map(at))
      #expect(timers[number].isSet == (model[number] != nil))
    }
    #expect(drain() == model.values.sorted().map(Int64.init))
  }

  /// A linear congruential generator (Knuth's MMIX), its weak low bits turned away.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state.byteSwapped
    }
  }
}
