import Foundation
import MonotonicTime
import NIOCore
import NIOHTTP1
import Wire

/// Asks once and reads events until `done`. What it keeps from one connection to the next is what an
/// EventSource keeps (WHATWG HTML, section 9.2.2): its address, the last event ID, the reconnection time.
final class ServerSentEvents: TransportReader {
  private var stream: String?
  private var query = ""
  private var events: EventReader?

  var reconnectionTime: Duration? {
    events?.parser.reconnectionTime ?? Resumption.reconnectionTime
  }

  func begin(in conversation: Conversation, from index: Int) {
    var lastEventID = ""
    if stream == conversation.journey.stream?.stream {
      if conversation.plan.recovery != .naive { lastEventID = events?.parser.lastEventID ?? "" }
    } else {
      stream = conversation.journey.stream?.stream
      query = conversation.place(index)
    }
    let parser = EventStreamParser(
      lastEventID: lastEventID, reconnectionTime: events?.parser.reconnectionTime)
    let next = lastEventID.isEmpty && conversation.plan.recovery == .naive ? conversation.plan.from : index
    let reader = EventReader(conversation, parser, next: next)
    events = reader
    do {
      let pipeline = conversation.channel.pipeline.syncOperations
      // Between two answers the decoder holds nothing; from here on there is one answer, read in place.
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
      try pipeline.addHandler(reader, position: .after(decoder))
      pipeline.removeHandler(decoder, promise: nil)
    } catch {
      return conversation.fail(.malformed("\(error)"))
    }
    var headers = [("Accept", "text/event-stream"), ("Cache-Control", "no-store")]
    if !lastEventID.isEmpty { headers.append(("Last-Event-ID", lastEventID)) }
    conversation.read(.serverSentEvents, query, headers: headers)
  }

  func received(_ part: HTTPClientResponsePart, in conversation: Conversation) {}
}

/// Reads an event stream's answer off the socket without a message for every chunk: at thousands of tokens a
/// second, those would be most of what the lab itself costs.
private final class EventReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private(set) var parser: EventStreamParser
  // Its channel's pipeline holds both and calls this one no more once it lets go of either; a reference that
  // counts would keep the journey alive, whose transport keeps this reader for what it parsed.
  private unowned let conversation: Conversation
  private var next: Int
  /// What has come of the head; nil once it is whole.
  private var head: ByteBuffer? = ByteBuffer()
  private var chunks = ChunkDecoder()

  init(_ conversation: Conversation, _ parser: EventStreamParser, next: Int) {
    self.conversation = conversation
    self.parser = parser
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
        try chunks.decode(bytes, body: read)
      }
    } catch {
      conversation.fail(.malformed("a chunk that is none"))
    }
    if chunks.isDone, !conversation.isOver { conversation.fail(.connectionLost) }
  }

  /// Takes the head off what has come, and checks it.
  /// - Returns: whether it is whole and an event stream's.
  private func takeHead() -> Bool {
    guard var bytes = head, let whole = RawHead(from: &bytes) else { return false }
    head = bytes
    conversation.tookHead(count: whole.text.utf8.count)
    if let error = whole.eventStreamError { conversation.fail(error) }
    return !conversation.isOver
  }

  /// Tokens that are as they should be are known by their bytes, in place; from the first other event on, events
  /// are made and looked at.
  private func read(_ body: UnsafeRawBufferPointer) {
    let first = next
    var others: [ServerSentEvent] = []
    parser.feed(body) { name, data, _ in
      if others.isEmpty, name == "message", conversation.expects(data, at: next) {
        next += 1
      } else {
        others.append(ServerSentEvent(name: name, data: String(decoding: data, as: UTF8.self)))
      }
    }
    for index in first..<next { conversation.tookExpected(index) }
    for event in others { take(event) }
  }

  private func take(_ event: ServerSentEvent) {
    let data = event.data.utf8
    switch event.name {
    case "message":
      if let payload = try? JSONDecoder().decode(TokenPayload.self, from: Data(data)) {
        conversation.took(payload)
        next = payload.index + 1
      } else {
        conversation.fail(.malformed("a token that is not JSON"))
      }
    case "started":
      guard let stream = try? StreamStarted(json: data) else {
        return conversation.fail(.malformed("a started event that names no stream"))
      }
      conversation.journey.isReading(stream)
    case "done":
      guard let done = try? JSONDecoder().decode(Done.self, from: Data(data)) else {
        return conversation.fail(.malformed("a done event that is not JSON"))
      }
      conversation.finish(done.reason)
    default:
      break
    }
  }
}

extension RawHead {
  /// Why an EventSource takes it for none of its own (WHATWG HTML, section 9.2.3); nil if it is one.
  var eventStreamError: ReadError? {
    guard status == 200 else { return refusal }
    // Parameters, such as a charset, may follow.
    let type = field("content-type")?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
    guard type?.lowercased() == "text/event-stream" else {
      return .malformed("an answer whose Content-Type is not text/event-stream")
    }
    guard field("transfer-encoding")?.lowercased() == "chunked" else {
      return .malformed("an event stream whose end could not be told from a cut: it is not chunked")
    }
    return nil
  }
}
