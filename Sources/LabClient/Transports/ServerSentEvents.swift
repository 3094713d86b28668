import Foundation
import NIOCore
import NIOHTTP1
import Wire

/// Asks once and reads events until `done`.
struct ServerSentEvents: TransportReader {
  private var parser = EventStreamParser()
  private var next = 0

  mutating func begin(in conversation: Conversation, from index: Int) {
    next = index
    conversation.read(
      .serverSentEvents, "from=\(index)",
      headers: [("Accept", "text/event-stream"), ("Cache-Control", "no-store")])
  }

  mutating func received(_ part: HTTPClientResponsePart, in conversation: Conversation) {
    switch part {
    case .head(let head):
      _ = conversation.failIfRefused(head)
    case .body(let bytes):
      for event in parser.feed(bytes.readableBytesView) { take(event, in: conversation) }
    case .end:
      if !conversation.isOver { conversation.fail(.connectionLost) }
    }
  }

  private mutating func take(_ event: ServerSentEvent, in conversation: Conversation) {
    switch event.name {
    case "message":
      if conversation.takesAsNext(event.data.utf8, wanted: next) {
        next += 1
      } else if let payload = try? JSONDecoder().decode(TokenPayload.self, from: Data(event.data.utf8)) {
        conversation.took(payload)
        next = payload.index + 1
      } else {
        conversation.fail(.malformed("a token that is not JSON"))
      }
    case "done":
      guard let done = try? JSONDecoder().decode(Done.self, from: Data(event.data.utf8)) else {
        return conversation.fail(.malformed("a done event that is not JSON"))
      }
      conversation.finish(done.reason)
    default:
      break
    }
  }
}
