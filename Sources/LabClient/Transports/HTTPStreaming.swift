import Answers
import Readings
import Wire

/// Asks once and reads lines until `done`. Nothing comes back by itself: whoever does says `from` where.
final class HTTPStreaming: TransportReader {
  static let transport = Transport.httpStreaming

  private var lines = LineCutter()
  /// The index of the token that is to come.
  private var next = 0

  init(_ variant: Variant, _ generator: inout SeededGenerator) {}

  func begin(in conversation: Conversation, from index: Int) {
    next = index
    lines = LineCutter()
    let journey = conversation.journey
    guard journey.asksInStream else {
      return conversation.read(Self.transport, conversation.place(index))
    }
    conversation.send(
      .POST, "/chat-stream", as: .fetch(accepting: StreamMessage.linesMediaType), body: journey.question)
  }

  func received(_ head: ReceivedHead, in conversation: Conversation) {
    if let error = head.error(unless: StreamMessage.linesMediaType) { conversation.fail(error) }
  }

  func received(_ body: UnsafeRawBufferPointer, in conversation: Conversation) {
    lines.feed(body) { line in
      // Servers keep a connection alive with lines of white space, which JSON ignores (RFC 8259, section 2).
      guard line.contains(where: { !" \t\r".utf8.contains($0) }) else { return }
      if conversation.takesAsNext(line, wanted: next) {
        next += 1
      } else {
        take(line, in: conversation)
      }
    }
    conversation.failIfEndless(lines.heldBytes)
  }

  func answerEnded(in conversation: Conversation) {
    // The last line may lack its end; what is only the beginning of one says nothing.
    lines.end { line in
      if (try? StreamMessage(json: line)) != nil { take(line, in: conversation) }
    }
    conversation.failAtEnd()
  }

  private func take(_ line: UnsafeRawBufferPointer, in conversation: Conversation) {
    switch try? StreamMessage(json: line) {
    case .token(let payload):
      conversation.took(payload)
      next = payload.index + 1
    case .started(let stream):
      do {
        try conversation.journey.isAnswered(with: stream, at: conversation.carrier.readAt)
      } catch {
        conversation.fail(error)
      }
    case .done(let done):
      conversation.finish(done)
    case .error(let words):
      // The response ends behind it, and the reader comes back for the rest.
      conversation.dismissal = words
    case nil:
      conversation.fail(.malformed("a line that is neither a token nor done"))
    }
  }
}

extension Transport {
  /// Read one response line by line (RFC 6202, section 3).
  public static let httpStreaming = Transport("http-streaming", resource: "lines", .stream)
}
