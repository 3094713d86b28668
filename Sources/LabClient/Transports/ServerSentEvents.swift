import Answers
import Foundation
import MonotonicTime
import Readings
import Wire

/// Asks once and reads events until `done`. What it keeps from one connection to the next is what an
/// EventSource keeps (WHATWG HTML, section 9.2.2): its address, the last event ID, the reconnection time.
final class ServerSentEvents: TransportReader {
  static let transport = Transport.serverSentEvents

  private var stream: String?
  private var query = ""
  private var parser = EventStreamParser()
  /// The index of the token that is to come.
  private var next = 0

  init(_ variant: Variant, _ generator: inout SeededGenerator) {}

  /// An EventSource never comes back from a status other than 200 (WHATWG HTML, section 9.2.3, "fail the connection"),
  /// unless the page does so for it after the time that the server names.
  static func meaning(of error: ReadError) -> ReadError.Meaning? {
    switch error {
    case .refused(429, _, nil), .refused(503, _, nil): .final
    case .refused(408, _, _), .refused(500, _, _), .refused(502, _, _), .refused(504, _, _): .final
    default: nil
    }
  }

  var reconnectionTime: Duration? {
    parser.reconnectionTime ?? Resumption.reconnectionTime
  }

  func begin(in conversation: Conversation, from index: Int) {
    let plan = conversation.plan
    let isNaive = plan.recovery == .naive
    var lastEventID = ""
    if conversation.journey.asksInStream {
      // The address is the question, whichever stream answers it.
      if !isNaive { lastEventID = parser.lastEventID }
      if lastEventID.isEmpty { lastEventID = Self.before(plan.from, plan.expected.question) }
    } else if stream == conversation.journey.stream?.stream {
      if !isNaive { lastEventID = parser.lastEventID }
    } else {
      stream = conversation.journey.stream?.stream
      query = conversation.place(index)
      if plan.variant.ids != .full { query += "&ids=\(plan.variant.ids.rawValue)" }
    }
    next = isNaive ? plan.from : index
    parser = EventStreamParser(lastEventID: lastEventID, reconnectionTime: parser.reconnectionTime)
    let kind = RequestKind.eventSource(lastEventID: lastEventID)
    if conversation.journey.asksInStream {
      conversation.send(.GET, "/chat-stream?\(plan.expected.question.query)", as: kind)
    } else {
      conversation.read(Self.transport, query, as: kind)
    }
  }

  /// What a reader of `/chat-stream` says that wants none of the first tokens.
  private static func before(_ index: Int, _ question: Question) -> String {
    index == 0 ? "" : EventID(epoch: question.epoch.description, index: index - 1).description
  }

  func received(_ head: ReceivedHead, in conversation: Conversation) {
    if let error = head.error(unless: ServerSentEvent.mediaType) { conversation.fail(error) }
  }

  func answerEnded(in conversation: Conversation) {
    conversation.failAtEnd()
  }

  /// Tokens that are as they should be are known by their bytes, in place; from the first other event on, events
  /// are made and looked at.
  func received(_ body: UnsafeRawBufferPointer, in conversation: Conversation) {
    let first = next
    var next = first
    var others: [ServerSentEvent] = []
    parser.feed(body) { name, data, id in
      if others.isEmpty, name == "message", conversation.expects(data, at: next) {
        next += 1
      } else {
        let text = { (bytes: [UInt8]) in String(decoding: bytes, as: UTF8.self) }
        others.append(ServerSentEvent(name: name, data: text(data), lastEventID: text(id)))
      }
    }
    self.next = next
    for index in first..<next { conversation.tookExpected(index) }
    for event in others { take(event, in: conversation) }
    conversation.failIfEndless(parser.heldBytes)
  }

  private func take(_ event: ServerSentEvent, in conversation: Conversation) {
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
      do {
        try conversation.journey.isAnswered(with: stream, at: conversation.carrier.readAt)
      } catch {
        conversation.fail(error)
      }
    case "error" where conversation.journey.asksInStream && conversation.journey.stream == nil:
      conversation.fail(.refused(status: 400, body: event.data))
    case "error":
      conversation.dismissal = event.data
    case "done" where conversation.journey.asksInStream && event.data == Done.ofChat:
      // Its ID is the number of tokens.
      let count = EventID(event.lastEventID)?.index
      if let words = conversation.dismissal { return conversation.finish(.failed, because: words) }
      conversation.finish(count == conversation.plan.expected.count ? .complete : .stopped)
    case "done":
      guard let done = try? JSONDecoder().decode(Done.self, from: Data(data)) else {
        return conversation.fail(.malformed("a done event that is not JSON"))
      }
      conversation.finish(done)
    default:
      break
    }
  }
}

extension Transport {
  /// Listen to one response of events (WHATWG HTML, section 9.2).
  public static let serverSentEvents = Transport("server-sent-events", resource: "events", .stream)
}
