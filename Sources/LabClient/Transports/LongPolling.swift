import Answers
import MonotonicTime
import Readings
import Wire

/// Asks, is held until there is a token, and asks again at once.
final class LongPolling: TransportReader {
  static let transport = Transport.longPolling

  /// How long the server may hold an answer.
  let longestHold: Duration
  private var page = PageReader()

  init(_ variant: Variant, _ generator: inout SeededGenerator) {
    longestHold = variant.wait
  }

  func begin(in conversation: Conversation, from index: Int) {
    page.next = index
    poll(in: conversation)
  }

  func received(_ head: ReceivedHead, in conversation: Conversation) {
    page.received(head, in: conversation)
  }

  func received(_ body: UnsafeRawBufferPointer, in conversation: Conversation) {
    page.received(body, in: conversation)
  }

  func answerEnded(in conversation: Conversation) {
    let before = page.next
    guard page.take(in: conversation) else { return }
    let held = conversation.lastRequest.duration(to: .now)
    if page.next > before || held > longestHold / 2 { return poll(in: conversation) }
    // Something on the way does not hold it, and would be asked without a pause.
    conversation.after(min(longestHold, Self.pauseUnheld)) { self.poll(in: conversation) }
  }

  /// How long to wait behind a page without tokens that came too early.
  private static let pauseUnheld = Duration.milliseconds(250)

  private func poll(in conversation: Conversation) {
    conversation.read(Self.transport, "\(conversation.place(page.next))&wait=\(longestHold.inSeconds)")
  }
}

extension Transport {
  /// Ask, and be answered once there is a token (RFC 6202, section 2).
  public static let longPolling = Transport("long-polling", resource: "long-poll", .heldPages)
}
