import Budgets
import MessageCompression
import Testing

@testable import LWS

@Suite struct MessageAssemblyTests {
  private var assembly = MessageAssembly()
  private let pending = Budget(limit: 1_000)
  private let compression = SocketCompression(CompressionTerms())

  private enum Outcome: Equatable {
    case incomplete
    case tooLarge
    case noRoom
    case malformed
    case notText
    case whole(isText: Bool, String)
  }

  private mutating func append(
    _ text: String, isFirst: Bool = false, isLast: Bool = false, isText: Bool = true, remaining: Int = 0,
    limit: Int = 100,
    frameLimit: Int = .max
  ) -> Outcome {
    append(
      Array(text.utf8), isFirst: isFirst, isLast: isLast, isText: isText, remaining: remaining, limit: limit,
      frameLimit: frameLimit)
  }

  private mutating func append(
    _ bytes: [UInt8], isFirst: Bool = false, isLast: Bool = false, isText: Bool = true,
    isCompressed: Bool = false, remaining: Int = 0, limit: Int = 100, frameLimit: Int = .max
  ) -> Outcome {
    let progress = bytes.withUnsafeBytes { piece in
      assembly.append(
        piece, isFirst: isFirst, isLast: isLast, isText: isText, isCompressed: isCompressed,
        remaining: remaining, limit: limit, frameLimit: frameLimit, of: pending, inflating: compression)
    }
    switch progress {
    case .incomplete: return .incomplete
    case .tooLarge: return .tooLarge
    case .noRoom: return .noRoom
    case .malformed: return .malformed
    case .notText: return .notText
    case .whole(let message):
      return .whole(isText: message.isText, String(decoding: message.bytes, as: UTF8.self))
    }
  }

  @Test mutating func `what is on its way takes room until it is dealt with`() {
    let other = pending.reserve(995)
    #expect(append("hello", isFirst: true) == .incomplete)
    #expect(pending.reserve(1) == nil)
    #expect(append("!", isLast: true) == .noRoom)
    // What is not gone on with takes none.
    #expect(pending.count == 995)
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

  // RFC 6455, section 8.1.
  @Test mutating func `text is UTF-8, over its fragments, and what is none is found at once`() {
    #expect(append([0xc3], isFirst: true) == .incomplete)
    #expect(append([0xa9], isLast: true) == .whole(isText: true, "é"))
    #expect(append([0xf4], isFirst: true) == .incomplete)
    #expect(append([0x90]) == .notText)
    #expect(append([0xf0, 0x9f], isFirst: true, isLast: true) == .notText)
    #expect(append([0xff], isFirst: true, isLast: true, isText: false) == .whole(isText: false, "\u{fffd}"))
  }

  // "Hello", by RFC 7692, section 7.2.3.1.
  private static let hello: [UInt8] = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]

  @Test mutating func `a compressed message is read once it is whole`() {
    let (start, rest) = (Array(Self.hello[..<3]), Array(Self.hello[3...]))
    #expect(append(start, isFirst: true, isCompressed: true, remaining: 1) == .incomplete)
    // The same frame goes on, and a next one does not say it again.
    #expect(append([rest[0]], isCompressed: true) == .incomplete)
    #expect(append(Array(rest[1...]), isLast: true) == .whole(isText: true, "Hello"))
    // The next refers to it, and one between them is plain.
    #expect(append("Hello", isFirst: true, isLast: true) == .whole(isText: true, "Hello"))
    #expect(
      append([0xf2, 0x00, 0x11, 0x00, 0x00], isFirst: true, isLast: true, isCompressed: true)
        == .whole(isText: true, "Hello"))
    #expect(pending.count == 0)
  }

  // RFC 7692, section 6.1.
  @Test mutating func `only a message's first frame says that it is compressed`() {
    #expect(append(Self.hello, isFirst: true, isCompressed: true) == .incomplete)
    #expect(append(Self.hello, isCompressed: true) == .malformed)
  }

  @Test mutating func `what comes compressed is judged by what it is`() {
    // A stored block of one byte, 0xff, and then no block at all.
    let stored: [UInt8] = [0x00, 0x01, 0x00, 0xfe, 0xff, 0xff, 0x00]
    #expect(append(stored, isFirst: true, isLast: true, isCompressed: true) == .notText)
    #expect(append([0xff, 0xff], isFirst: true, isLast: true, isCompressed: true) == .malformed)
  }

  @Test mutating func `what comes compressed is bounded by what it is`() {
    let repeated = [UInt8](repeating: 0x78, count: 5_000).withUnsafeBytes { MessageDeflater().deflate($0) }
    #expect(repeated.count < 100)
    #expect(append(repeated, isFirst: true, isLast: true, isCompressed: true, limit: 4_999) == .tooLarge)
  }

  @Test mutating func `what cannot be compressed has the same limit`() {
    var generator = SystemRandomNumberGenerator()
    let random = (0..<5_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let payload = random.withUnsafeBytes { MessageDeflater().deflate($0) }
    #expect(payload.count > random.count)
    let budget = Budget(limit: 20_000)
    let progress = payload.withUnsafeBytes {
      assembly.append(
        $0, isFirst: true, isLast: true, isText: false, isCompressed: true, limit: 5_000, frameLimit: 5_000,
        of: budget, inflating: compression)
    }
    guard case .whole(let message) = progress else {
      Issue.record("\(progress)")
      return
    }
    #expect(message.bytes == random)
  }

  @Test mutating func `what is refused takes no room`() {
    #expect(append("ab", isFirst: true) == .incomplete)
    #expect(append([0xff]) == .notText)
    #expect(pending.count == 0)
    #expect(append("12345", isFirst: true, limit: 8) == .incomplete)
    #expect(append("6789", limit: 8) == .tooLarge)
    #expect(pending.count == 0)
  }

  @Test mutating func `what comes compressed takes the room of what it is`() {
    let repeated = [UInt8](repeating: 0x78, count: 1_001).withUnsafeBytes { MessageDeflater().deflate($0) }
    #expect(append(repeated, isFirst: true, isLast: true, isCompressed: true, limit: 5_000) == .noRoom)
  }
}
