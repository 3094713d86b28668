import MonotonicTime
import NIOCore
import NIOHTTP1
import Wire

/// Asks at a steady interval, whatever the last answer held.
final class ShortPolling: TransportReader {
  private let interval: Duration
  private var page = PageReader()
  /// The next poll's time, and whether one is waited for.
  private var nextPoll = Instant.now
  private var isAnswered = false

  init(interval: Duration) {
    self.interval = interval
  }

  var idleUntil: Instant? { isAnswered ? nextPoll : nil }

  func begin(in conversation: Conversation, from index: Int) {
    page.next = index
    nextPoll = .now
    poll(in: conversation)
  }

  func received(_ part: HTTPClientResponsePart, in conversation: Conversation) {
    guard page.received(part, in: conversation) else { return }
    isAnswered = true
    let pause = max(.zero, Instant.now.duration(to: nextPoll))
    conversation.channel.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(pause.inNanoseconds)) {
      guard !conversation.isOver else { return }
      self.poll(in: conversation)
    }
  }

  private func poll(in conversation: Conversation) {
    isAnswered = false
    nextPoll = max(nextPoll, .now).advanced(by: interval)
    conversation.read(.shortPolling, conversation.place(page.next))
  }
}

/// Reads the pages that both kinds of polling are answered with.
struct PageReader {
  /// The index to ask for next.
  var next = 0
  private var body = ByteBuffer()

  /// - Returns: whether the page is whole and another is needed.
  mutating func received(_ part: HTTPClientResponsePart, in conversation: Conversation) -> Bool {
    switch part {
    case .head(let head):
      body.clear()
      _ = conversation.failIfRefused(head)
      return false
    case .body(var bytes):
      body.writeBuffer(&bytes)
      return false
    case .end:
      return !conversation.isOver && take(in: conversation)
    }
  }

  private mutating func take(in conversation: Conversation) -> Bool {
    if let count = conversation.takesAsPage(body.readableBytesView, wanted: next) {
      next += count
      return true
    }
    guard let page = try? PollPage(json: body.readableBytesView) else {
      conversation.fail(.malformed("a poll page that is not JSON"))
      return false
    }
    for payload in page.tokens { conversation.took(payload) }
    next = page.next
    if page.done { conversation.finish(page.reason ?? .complete) }
    return !page.done
  }
}
