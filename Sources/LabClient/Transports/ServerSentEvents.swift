import Foundation
import NIOCore
import NIOHTTP1
import Wire

/// Asks once and reads events until `done`.
struct ServerSentEvents: TransportReader {
  mutating func begin(in conversation: Conversation, from index: Int) {
    do {
      let pipeline = conversation.channel.pipeline.syncOperations
      // Between two answers the decoder holds nothing; from here on there is one answer, read in place.
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
      try pipeline.addHandler(EventReader(conversation, next: index), position: .after(decoder))
      pipeline.removeHandler(decoder, promise: nil)
    } catch {
      return conversation.fail(.malformed("\(error)"))
    }
    conversation.read(
      .serverSentEvents, "from=\(index)",
      headers: [("Accept", "text/event-stream"), ("Cache-Control", "no-store")])
  }

  func received(_ part: HTTPClientResponsePart, in conversation: Conversation) {}
}

/// Reads an event stream's answer off the socket without a message for every chunk: at thousands of tokens a
/// second, those would be most of what the lab itself costs.
private final class EventReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let conversation: Conversation
  private var next: Int
  /// What has come of the head; nil once it is whole.
  private var head: ByteBuffer? = ByteBuffer()
  private var chunks = ChunkDecoder()
  private var parser = EventStreamParser()

  init(_ conversation: Conversation, next: Int) {
    self.conversation = conversation
    self.next = next
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    if head != nil {
      head?.writeBuffer(&bytes)
      guard takeHead(), let body = head else { return }
      head = nil
      bytes = body
    }
    guard !conversation.isOver else { return }
    do {
      try bytes.withUnsafeReadableBytes { bytes in
        try chunks.decode(bytes) { body in
          for event in parser.feed(body) { take(event) }
        }
      }
    } catch {
      conversation.fail(.malformed("a chunk that is none"))
    }
    if chunks.isDone, !conversation.isOver { conversation.fail(.connectionLost) }
  }

  /// Takes the head off what has come, and checks it.
  /// - Returns: whether it is whole and an event stream's.
  private func takeHead() -> Bool {
    guard let end = head?.readableBytesView.firstRange(of: "\r\n\r\n".utf8)?.upperBound,
      let text = head.map({ String(decoding: $0.readableBytesView[..<end], as: UTF8.self) })
    else { return false }
    head?.moveReaderIndex(to: end)
    conversation.tookHead(count: text.utf8.count)
    let words = text.prefix { $0 != "\r\n" }.split(separator: " ", maxSplits: 2)
    guard words.count > 1, words[1] == "200" else {
      conversation.fail(
        .refused(status: words.count > 1 ? Int(words[1]) ?? 0 : 0, body: words.last.map(String.init) ?? ""))
      return false
    }
    guard text.lowercased().contains("\r\ntransfer-encoding: chunked\r\n") else {
      conversation.fail(
        .malformed("an event stream whose end could not be told from a cut: it is not chunked"))
      return false
    }
    return true
  }

  private func take(_ event: ServerSentEvent) {
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
