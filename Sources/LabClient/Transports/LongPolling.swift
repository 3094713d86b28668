import MonotonicTime
import Wire

/// Asks, is held until there is a token, and asks again at once.
final class LongPolling: TransportReader {
  private let wait: Duration
  private var page = PageReader()

  init(wait: Duration) {
    self.wait = wait
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
    if page.take(in: conversation) { poll(in: conversation) }
  }

  private func poll(in conversation: Conversation) {
    conversation.read(.longPolling, "\(conversation.place(page.next))&wait=\(wait.inSeconds)")
  }
}
