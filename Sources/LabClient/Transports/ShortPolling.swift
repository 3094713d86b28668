import Answers
import MonotonicTime
import Readings
import Wire

/// Asks at a steady interval, whatever the last answer held. It polls since before it asked its question, so the first
/// poll of an answer comes at any time within an interval.
final class ShortPolling: TransportReader {
  static let transport = Transport.shortPolling

  private let interval: Duration
  private var page = PageReader()
  /// The next poll's time, and whether one is waited for.
  private var nextPoll = Instant.now
  private var isAnswered = false
  private var firstPause: Duration?

  /// - Parameter generator: what share of an interval passes before the first poll is drawn from it.
  init(_ variant: Variant, _ generator: inout SeededGenerator) {
    interval = variant.pollInterval
    firstPause = interval * Double.random(in: 0..<1, using: &generator)
  }

  var idleUntil: Instant? { isAnswered ? nextPoll : nil }

  func begin(in conversation: Conversation, from index: Int) {
    page.next = index
    nextPoll = Instant.now.advanced(by: firstPause ?? .zero)
    // Who comes back has waited already.
    guard firstPause.take() != nil else { return poll(in: conversation) }
    isAnswered = true
    pollWhenDue(in: conversation)
  }

  func received(_ head: ReceivedHead, in conversation: Conversation) {
    page.received(head, in: conversation)
  }

  func received(_ body: UnsafeRawBufferPointer, in conversation: Conversation) {
    page.received(body, in: conversation)
  }

  func answerEnded(in conversation: Conversation) {
    guard page.take(in: conversation) else { return }
    isAnswered = true
    pollWhenDue(in: conversation)
  }

  private func pollWhenDue(in conversation: Conversation) {
    conversation.after(max(.zero, Instant.now.duration(to: nextPoll))) { self.poll(in: conversation) }
  }

  private func poll(in conversation: Conversation) {
    isAnswered = false
    nextPoll = max(nextPoll, .now).advanced(by: interval)
    conversation.read(Self.transport, conversation.place(page.next))
  }
}

/// Reads the pages that both kinds of polling are answered with.
struct PageReader {
  /// The index to ask for next.
  var next = 0
  private var body: [UInt8] = []

  /// The longest page that is read, in bytes.
  private static let longest = 1 << 24

  mutating func received(_ head: ReceivedHead, in conversation: Conversation) {
    body.removeAll(keepingCapacity: true)
    conversation.failIfRefused(head)
  }

  mutating func received(_ bytes: UnsafeRawBufferPointer, in conversation: Conversation) {
    guard body.count + bytes.count <= Self.longest else {
      return conversation.fail(.malformed("a poll page of more than \(Self.longest) bytes"))
    }
    body.append(contentsOf: bytes)
  }

  /// Takes what a whole page brought.
  /// - Returns: whether another is needed.
  mutating func take(in conversation: Conversation) -> Bool {
    if let count = conversation.takesAsPage(body, wanted: next) {
      next += count
      return true
    }
    guard let page = try? PollPage(json: body) else {
      conversation.fail(.malformed("a poll page that is not JSON"))
      return false
    }
    guard page.tokens.allSatisfy({ $0.index < page.next }) else {
      conversation.fail(.malformed("a poll page whose next token is one that it holds"))
      return false
    }
    for payload in page.tokens { conversation.took(payload) }
    next = page.next
    if page.done { conversation.finish(page.reason ?? .complete, because: page.error) }
    return !page.done
  }
}

extension Transport {
  /// Ask again and again; each answer comes at once, with or without tokens.
  public static let shortPolling = Transport("short-polling", resource: "poll", .pages)
}
