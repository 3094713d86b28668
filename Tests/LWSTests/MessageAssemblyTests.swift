import Budgets
import Testing

@testable import LWS

@Suite struct MessageAssemblyTests {
  private var assembly = MessageAssembly()
  private let pending = Budget(limit: 1_000)

  private enum Outcome: Equatable {
    case incomplete
    case tooLarge
    case noRoom
    case whole(isText: Bool, String)
  }

  private mutating func append(
    _ text: String, isFirst: Bool = false, isLast: Bool = false, isText: Bool = true, remaining: Int = 0,
    limit: Int = 100,
    frameLimit: Int = .max
  ) -> Outcome {
    let progress = Array(text.utf8).withUnsafeBytes { piece in
      assembly.append(
        piece, isFirst: isFirst, isLast: isLast, isText: isText, remaining: remaining, limit: limit,
        frameLimit: frameLimit, of: pending)
    }
    switch progress {
    case .incomplete: return .incomplete
    case .tooLarge: return .tooLarge
    case .noRoom: return .noRoom
    case .whole(let message):
      return .whole(isText: message.isText, String(decoding: message.bytes, as: UTF8.self))
    }
  }

  @Test mutating func `what is on its way takes room until it is dealt with`() {
    let other = pending.reserve(995)
    #expect(append("hello", isFirst: true) == .incomplete)
    #expect(append("!", isLast: true) == .noRoom)
    #expect(pending.reserve(1) == nil)
    // Who begins anew has given up what was there.
    #expect(append("hel", isFirst: true) == .incomplete)
    #expect(append("lo", isLast: true) == .whole(isText: true, "hello"))
    #expect(pending.count == 995)
    withExtendedLifetime(other) {}
  }

  @Test mutating func `one piece is a whole message`() {
    #expect(append("hello", isFirst: true, isLast: true) == .whole(isText: true, "hello"))
    #expect(append("", isFirst: true, isLast: true) == .whole(isText: true, ""))
  }

  @Test mutating func `fragments are joined in order`() {
    #expect(append("he", isFirst: true) == .incomplete)
    #expect(append("") == .incomplete)
    #expect(append("ll") == .incomplete)
    #expect(append("o", isLast: true) == .whole(isText: true, "hello"))
  }

  @Test mutating func `a message leaves nothing for the next`() {
    #expect(append("one", isFirst: true, isLast: true) == .whole(isText: true, "one"))
    #expect(append("two", isFirst: true) == .incomplete)
    #expect(append("!", isLast: true) == .whole(isText: true, "two!"))
  }

  @Test mutating func `a first fragment drops a message that never ended`() {
    #expect(append("lost", isFirst: true) == .incomplete)
    #expect(append("new", isFirst: true, isLast: true) == .whole(isText: true, "new"))
  }

  @Test mutating func `the first fragment says whether it is text`() {
    #expect(append("a", isFirst: true, isText: false) == .incomplete)
    // A continuation frame carries no type of its own.
    #expect(append("b", isLast: true, isText: true) == .whole(isText: false, "ab"))
    #expect(append("c", isFirst: true, isLast: true, isText: true) == .whole(isText: true, "c"))
  }

  @Test mutating func `the limit is the last size that passes`() {
    #expect(append("12345", isFirst: true, isLast: true, limit: 5) == .whole(isText: true, "12345"))
    #expect(append("123456", isFirst: true, isLast: true, limit: 5) == .tooLarge)
    #expect(append("", isFirst: true, isLast: true, limit: 0) == .whole(isText: true, ""))
  }

  @Test mutating func `the limit counts all fragments, and is found before the last`() {
    #expect(append("123", isFirst: true, limit: 5) == .incomplete)
    #expect(append("45", limit: 5) == .incomplete)
    #expect(append("6", limit: 5) == .tooLarge)
    #expect(append("next", isFirst: true, isLast: true, limit: 5) == .whole(isText: true, "next"))
  }

  @Test mutating func `a frame that comes in pieces is a message once its last is there`() {
    #expect(append("he", isFirst: true, isLast: true, remaining: 3) == .incomplete)
    #expect(append("llo", isLast: true) == .whole(isText: true, "hello"))
  }

  @Test mutating func `a frame is known to be too large by its first piece`() {
    #expect(append("123", isFirst: true, isLast: true, remaining: 2, frameLimit: 5) == .incomplete)
    #expect(append("45", isLast: true, frameLimit: 5) == .whole(isText: true, "12345"))
    #expect(append("123", isFirst: true, isLast: true, remaining: 3, frameLimit: 5) == .tooLarge)
    #expect(append("1", isFirst: true, remaining: .max, frameLimit: .max) == .tooLarge)
    // Each frame of a fragmented message has the limit to itself.
    #expect(append("12345", isFirst: true, frameLimit: 5) == .incomplete)
    #expect(append("12345", isLast: true, frameLimit: 5) == .whole(isText: true, "1234512345"))
  }
}
