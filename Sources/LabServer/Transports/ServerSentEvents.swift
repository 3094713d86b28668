import Answers
import LWS
import MonotonicTime
import TokenStream
import Wire

/// Server-Sent Events: one response, one event a token, then `done`.
struct ServerSentEvents: ServedTransport {
  static let transport = Transport("server-sent-events", resource: "events", .stream)

  private(set) var place: StartingPlace
  /// What the events' IDs are made of.
  private var ids = EventIDForm.full
  /// What the reader saw last, where it has been here before.
  private let lastEventID: String?

  /// An EventSource that comes back keeps its address, so its place is the one of its last event (WHATWG HTML, section
  /// 9.2.3).
  init(_ request: Request) throws(FieldError) {
    place = try StartingPlace(request.query)
    for (name, value) in request.query where name == "ids" { ids = try EventIDForm(query: value) }
    lastEventID = request.lastEventID
    if let lastEventID, let seen = ids.place(lastEventID), seen.index < .max {
      place.from = seen.index + 1
      place.epoch = seen.epoch ?? place.epoch
    }
  }

  /// Whoever has seen the end has nothing to come back for; an ID that is none of ours counts as another's.
  func find(_ id: StreamID, in streams: Streams) throws(Unreadable) -> HostedStream {
    if let lastEventID, let stream = streams[id] {
      guard let seen = ids.place(lastEventID), seen.index < stream.mostTokens else { throw .otherEpoch }
    }
    return try place.find(id, in: streams)
  }

  func responder(for reader: StreamReader) -> any Responder {
    TokenBody(
      reader, from: place.from, ids == .full ? .event : .bareEvent, ids == .full ? Self.form : Self.bareForm,
      greeting: Self.greeting)
  }

  /// An EventSource comes back after anything but 204 that may be a passing trouble (WHATWG HTML, section 9.2.3).
  func refusal(_ reason: Unreadable) -> any Responder {
    let isReturn = lastEventID != nil || place.from > 0 || place.epoch != nil
    switch reason {
    case .otherEpoch: return Answer(.stayAway)
    case .unknown where isReturn: return Answer(.stayAway)
    default: return Answer(reason.response)
    }
  }
}

extension ServerSentEvents: ChatTransport {
  static let mediaType = ServerSentEvent.mediaType
  static let head = ResponseHead.stream(of: mediaType)

  static func chat(for reader: StreamReader, from index: Int, keeping lease: Lease) -> any Responder {
    let started = ServerSentEvent.encode(
      name: "started", retry: retry, data: Array(StreamStarted(reader.stream.live).text.utf8))
    return TokenBody(reader, from: index, .event, chatForm, greeting: started, keeping: lease)
  }
}

extension ServerSentEvents {
  /// How long a reader waits before it comes back (the `retry` field).
  static let retry = Duration.seconds(1)
  private static let greeting = Array("retry: \(retry.inNanoseconds / 1_000_000)\n\n".utf8)

  private static let form = form(.full) { done(.full, $0, $0.done.text) }
  private static let bareForm = form(.index) { done(.index, $0, $0.done.text) }
  private static let chatForm = form(.full) { source in
    let failure = source.log.end?.failure
    let error = failure.map { ServerSentEvent.encode(name: "error", data: ErrorBody(error: $0).json) } ?? []
    return error + done(.full, source, Done.ofChat)
  }

  /// The event behind the last token, whose ID is one past that one's, so that a reader which comes back with it is told
  /// to stop.
  private static func done(_ ids: EventIDForm, _ source: FramedLog, _ data: String) -> [UInt8] {
    ServerSentEvent.encode(
      name: "done", id: ids.id(source.log.epoch, source.count), data: Array(data.utf8))
  }

  private static func form(
    _ ids: EventIDForm, farewell: @escaping @Sendable (FramedLog) -> [UInt8]
  ) -> TokenBody.Form {
    TokenBody.Form(
      head: head, sign: Array(":\n\n".utf8), farewell: farewell,
      // Its last event's ID stays with the reader, so it may come back for the rest.
      dismissal: { cursor in
        ServerSentEvent.encode(name: "error", data: ErrorBody(error: cursor.lagText).json)
      })
  }
}

extension Framing {
  /// A token as an event, with an ID that names its epoch too.
  package static let event = Framing(
    .body, start: { [UInt8](startOfEventsOf: $0) }, append: { $0.append(event: $1, start: $2) })
  /// The same with its index alone for an ID.
  static let bareEvent = Framing(
    .body, start: { _ in [UInt8](startOfEventsOf: nil) },
    append: { $0.append(event: $1, start: $2) })
}

extension EventIDForm {
  /// - Throws: `FieldError`.
  init(query value: String) throws(FieldError) {
    guard let form = EventIDForm(rawValue: value) else {
      throw FieldError("'ids' takes full or index: what an event's ID says")
    }
    self = form
  }
}
