import Answers
import MonotonicTime
import Testing
import TokenStream

@Suite struct StreamStoreTests {
  private let question = Question(prompt: "Why?", tokenCount: 5)
  private var store = StreamStore<LiveStream>(capacity: 2, retention: .seconds(10))

  private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

  @Test mutating func `what was started can be found`() throws {
    let stream = try store.start(PosedQuestion(question), now: at(3)) { $0 }
    #expect(store.count == 1)
    #expect(store[stream.id] === stream)
    #expect(stream.started == at(3))
    #expect(stream.question == question)
    let other = try #require(StreamID("0123456789abcdef"))
    #expect(store[other] == nil)
  }

  @Test mutating func `resuming reaches the stream`() throws {
    let stream = try store.start(PosedQuestion(question), now: at(3), resumingAt: 2) { $0 }
    #expect(stream.log.tokens.count == 2)
  }

  @Test mutating func `a full store refuses, and cannot say for how long while none is finished`() throws {
    for _ in 0..<2 { _ = try store.start(PosedQuestion(question), now: at(0)) { $0 } }
    let error = #expect(throws: StoreFull.self) {
      try store.start(PosedQuestion(question), now: at(0)) { $0 }
    }
    #expect(error?.roomAt == nil)
    #expect(store.count == 2)
  }

  @Test mutating func `a store that holds as much text as it may refuses more of it`() throws {
    store = StreamStore(capacity: 10, pieceCapacity: 12, retention: .seconds(10))
    let first = try store.start(PosedQuestion(question), now: at(0)) { $0 }
    _ = try store.start(PosedQuestion(question), now: at(0)) { $0 }
    #expect(throws: StoreFull.self) { try store.start(PosedQuestion(question), now: at(0)) { $0 } }
    let small = Question(prompt: "Why?", tokenCount: 1, tokenSize: 2)
    _ = try store.start(PosedQuestion(small), now: at(0)) { $0 }
    store.didFinish(first.id, at: at(5))
    // It has expired, and whoever reads it still has its text.
    let error = #expect(throws: StoreFull.self) {
      try store.start(PosedQuestion(question), now: at(15)) { $0 }
    }
    #expect(error?.what == .text)
    withExtendedLifetime(first) {}
  }

  @Test mutating func `a stream that was stopped takes room for what is written alone`() throws {
    store = StreamStore(capacity: 10, pieceCapacity: 100, retention: .seconds(10))
    func question(_ tokens: Int) -> Question { Question(prompt: "Why?", tokenCount: tokens, tokenSize: 2) }
    try store.start(PosedQuestion(question(50)), now: at(0)) { $0 }.stop(at: at(1))
    // Between one token and sixteen are written.
    _ = try store.start(PosedQuestion(question(30)), now: at(1)) { $0 }
    #expect(throws: StoreFull.self) { try store.start(PosedQuestion(question(20)), now: at(1)) { $0 } }
  }

  @Test mutating func `text that nobody has any more makes room`() throws {
    store = StreamStore(capacity: 10, pieceCapacity: 5, retention: .seconds(10))
    store.didFinish(try store.start(PosedQuestion(question), now: at(0)) { $0 }.id, at: at(5))
    _ = try store.start(PosedQuestion(question), now: at(15)) { $0 }
  }

  @Test mutating func `a full store says when there is room, and then there is`() throws {
    let first = try store.start(PosedQuestion(question), now: at(0)) { $0 }
    _ = try store.start(PosedQuestion(question), now: at(0)) { $0 }
    store.didFinish(first.id, at: at(5))
    let error = #expect(throws: StoreFull.self) {
      try store.start(PosedQuestion(question), now: at(14)) { $0 }
    }
    #expect(error?.roomAt == at(15))
    #expect(store[first.id] === first)
    _ = try store.start(PosedQuestion(question), now: at(15)) { $0 }
    #expect(store.count == 2)
    #expect(store[first.id] == nil)
  }

  @Test mutating func `a finished stream is there until its retention is over`() throws {
    let first = try store.start(PosedQuestion(question), now: at(0)) { $0 }
    let second = try store.start(PosedQuestion(question), now: at(0)) { $0 }
    #expect(store.expire(at: at(100)) == nil)
    store.didFinish(second.id, at: at(100))
    store.didFinish(first.id, at: at(101))
    #expect(store.expire(at: Instant(nanoseconds: at(110).nanoseconds - 1)) == at(110))
    #expect(store[second.id] === second)
    #expect(store.expire(at: at(110)) == at(111))
    #expect(store[second.id] == nil)
    #expect(store[first.id] === first)
    #expect(store.expire(at: at(111)) == nil)
    #expect(store.count == 0)
  }

  // Past 64 the store drops its taken entries in bulk; nothing may be forgotten or forgotten twice then.
  @Test func `many expiries, some at a time`() throws {
    var store = StreamStore<LiveStream>(capacity: 1_000, retention: .seconds(10))
    let streams = try (0..<1_000).map { _ in try store.start(PosedQuestion(question), now: at(0)) { $0 } }
    for (number, stream) in streams.enumerated() { store.didFinish(stream.id, at: at(Int64(number))) }
    for gone in stride(from: 7, through: 994, by: 7) {
      #expect(store.expire(at: at(Int64(gone) + 9)) == at(Int64(gone) + 10))
      #expect(store.count == 1_000 - gone)
      #expect(store[streams[gone - 1].id] == nil)
      #expect(store[streams[gone].id] != nil)
    }
    #expect(store.expire(at: at(2_000)) == nil)
    #expect(store.count == 0)
  }
}
