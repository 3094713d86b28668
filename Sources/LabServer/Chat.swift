import Foundation
import LWS
import MonotonicTime
import TokenStream
import Wire

/// Keeps an answer being generated while its one reader is there: `/chat-stream` and `/chat-socket` start a
/// stream for themselves, and leaving them is the same as saying stop.
final class Lease {
  let source: FramedLog
  private let streams: Streams

  init(_ source: FramedLog, _ streams: Streams) {
    self.source = source
    self.streams = streams
  }

  deinit {
    streams.stop(source)
  }
}

/// `GET /chat-stream`: ask and read in one event stream.
enum ChatStream {
  /// An event stream that comes back with the ID of its last event gets the rest of the same answer, which
  /// is a pure function of the question; also after the server was started anew.
  static func responder(for request: Request, session: any Wakeable, lab: Lab) -> any Responder {
    let question: Question
    do throws(FieldError) {
      question = try QuestionFields.question(query: request.query)
      try refuseBareIDs(request)
    } catch {
      return refusal(error.description, status: 400, request)
    }
    if let excess = lab.limits.excess(of: question) { return refusal(excess, status: 414, request) }
    var from = 0
    if let text = request.fields["last-event-id"], !text.isEmpty {
      guard let id = EventID(text), id.epoch == question.epoch.description, id.index < question.tokenCount
      else { return Answer(.empty(204)) }
      from = id.index + 1
    }
    let source: FramedLog
    do throws(StoreFull) {
      source = try lab.streams.start(question, resumingAt: from)
    } catch {
      let response = Response.storeFull(error, now: .now)
      return wantsEvents(request)
        ? Answer(Response(head: response.head, body: [])) : Answer(response)
    }
    let lease = Lease(source, lab.streams)
    let cursor = Cursor(source, from: from, lagLimit: lab.limits.lagTokens, waking: session)
    let started = ServerSentEvent.encode(
      name: "started", retry: ServerSentEvents.retry, data: Array(StreamStarted(source.stream).text.utf8))
    return ServerSentEvents(
      cursor, lab.telemetry[.serverSentEvents], heartbeat: lab.limits.heartbeat, greeting: started,
      farewell: { _ in
        // Kept by the closure, and so as long as the reader stays.
        withExtendedLifetime(lease) { Array(Done.ofChat.utf8) }
      })
  }

  /// The address names a question, and each return begins another stream: that its text is the same, the epoch alone
  /// says.
  private static func refuseBareIDs(_ request: Request) throws(FieldError) {
    guard request.query.contains(where: { $0.name == "ids" && $0.value != EventIDForm.full.rawValue }) else {
      return
    }
    throw FieldError("'ids' takes full here: only the name of a stream stands for its epoch")
  }

  /// An EventSource cannot see a response that is not an event stream, so it is told in an event, whose ID
  /// makes its return end in 204. Everybody else gets the status.
  private static func refusal(_ text: String, status: Int, _ request: Request) -> any Responder {
    if let last = request.fields["last-event-id"], last == refusedID { return Answer(.empty(204)) }
    guard wantsEvents(request) else { return Answer(.error(status, text)) }
    let event = ServerSentEvent.encode(name: "error", id: refusedID, data: ErrorBody(error: text).json)
    return Answer(Response(head: .eventStream, body: event))
  }

  private static let refusedID = "refused"

  private static func wantsEvents(_ request: Request) -> Bool {
    request.fields["accept"]?.contains("text/event-stream") ?? false
  }
}

/// WebSocket `/chat-socket`: the first message asks, `{"stop":true}` stops.
struct ChatSocket: Responder {
  private unowned let session: any Wakeable
  private unowned let lab: Lab
  private var lease: Lease?
  private var answer: WebSocket?
  private var outbox: [Turn] = []

  init(session: any Wakeable, lab: Lab) {
    self.session = session
    self.lab = lab
  }

  mutating func received(_ message: Message) {
    if let answer { return answer.received(message) }
    do {
      let asking = try QuestionFields.asking(json: message.bytes)
      if let excess = lab.limits.excess(of: asking.question) { return refuse(excess, code: 1009) }
      guard asking.isSameAnswer else { return refuse(Unreadable.otherEpoch.text, code: 4409) }
      let source = try lab.streams.start(asking.question, resumingAt: asking.from)
      lease = Lease(source, lab.streams)
      let cursor = Cursor(source, from: asking.from, lagLimit: lab.limits.lagTokens, waking: session)
      answer = WebSocket(cursor, lab.telemetry[.webSocket]) { [unowned lab] in lab.streams.stop(source) }
      outbox = [.send(Frame(.text, SocketMessage.started(StreamStarted(source.stream)).json))]
    } catch let error as FieldError {
      refuse(error.description, code: 1008)
    } catch let error as StoreFull {
      refuse("\(error.words); try again later", code: 1013)
    } catch {
      // Nothing else is thrown.
      refuse("the question cannot be answered", code: 1011)
    }
  }

  mutating func turn(at now: Instant) -> Turn {
    if !outbox.isEmpty { return outbox.removeFirst() }
    return answer?.turn(at: now) ?? .wait(until: nil)
  }

  private mutating func refuse(_ text: String, code: UInt16) {
    outbox = [.send(Frame(.text, SocketMessage.error(text).json)), .close(code, reason: "refused")]
  }
}

/// WebSocket `/echo`: what came goes back, in order.
struct Echo: Responder {
  private var outbox: [Message] = []
  /// Handed over, and maybe not taken yet: kept up to the next turn, for its room to be counted.
  private var leaving: Message?
  private var waitingBytes = 0
  /// Bytes that may wait for a peer that sends and does not read.
  private let limit: Int
  /// What an empty message takes too.
  private static let overhead = 64

  init(limit: Int) {
    self.limit = limit
  }

  mutating func received(_ message: Message) {
    waitingBytes += message.bytes.count + Self.overhead
    if waitingBytes <= 2 * limit { outbox.append(message) }
  }

  mutating func turn(at now: Instant) -> Turn {
    guard waitingBytes <= 2 * limit else {
      return .close(1_008, reason: "more than \(2 * limit) bytes sent and not read back")
    }
    leaving = nil
    guard !outbox.isEmpty else { return .wait(until: nil) }
    let message = outbox.removeFirst()
    leaving = message
    waitingBytes -= message.bytes.count + Self.overhead
    return .send(Frame(message.isText ? .text : .binary, message.bytes))
  }
}
