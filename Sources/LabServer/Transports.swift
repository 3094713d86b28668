import LWS
import MonotonicTime
import TokenStream
import Wire

/// The four ways to read a log, by name: each answers with the responder of its own file.
enum Transports {
  /// - Throws: `Unreadable`, where the server cannot hold another reader of that kind.
  static func responder(
    for transport: Transport, _ source: FramedLog, _ reading: Reading, _ session: any Wakeable,
    _ telemetry: TransportTelemetry, _ limits: Limits, stop: @escaping () -> Void
  ) throws(Unreadable) -> any Responder {
    func cursor() -> Cursor {
      Cursor(source, from: reading.from, lagLimit: limits.lagTokens, waking: session)
    }
    switch transport {
    case .shortPolling: return ShortPolling.responder(source, reading, telemetry)
    case .longPolling:
      let cursor = cursor()
      guard cursor.hasToken || telemetry.waiting < limits.heldPolls else { throw .tooManyHeld }
      return LongPolling(cursor, reading, telemetry)
    case .serverSentEvents:
      return ServerSentEvents(cursor(), telemetry, heartbeat: limits.heartbeat, ids: reading.ids)
    case .webSocket: return WebSocket(cursor(), telemetry, stop: stop)
    }
  }

  /// Tells a reader that it cannot read, in the transport's own way: an EventSource comes back after anything
  /// but 204 that may be a passing trouble (WHATWG HTML, section 9.2.3), and a page cannot see the status that
  /// refused its WebSocket, but a close code of the range for private use (RFC 6455, section 7.4.2).
  static func refusal(
    for transport: Transport, _ reason: Unreadable, _ reading: Reading
  ) -> any Responder {
    switch (transport, reason) {
    case (.serverSentEvents, .otherEpoch): Answer(.empty(204))
    case (.serverSentEvents, .unknown) where reading.isReturn: Answer(.empty(204))
    case (.webSocket, _): Dismissal(reason.text, code: 4_000 + UInt16(reason.status))
    default: Answer(reason.response)
    }
  }
}

/// Why a stream cannot be read.
enum Unreadable: Error {
  /// There is no stream of that name, or none any more.
  case unknown
  /// The reader counts in another answer's tokens.
  case otherEpoch
  /// As many long polls are held as the server takes.
  case tooManyHeld

  var status: Int {
    switch self {
    case .unknown: 404
    case .otherEpoch: 409
    case .tooManyHeld: 503
    }
  }

  var text: String {
    switch self {
    case .unknown: "there is no stream of that name: it never was, or it has expired"
    case .otherEpoch: "this stream has another epoch: read it from its start, with from=0"
    case .tooManyHeld: "as many long polls are held as this server takes; come back in 1 s"
    }
  }

  var response: Response {
    .error(status, text, self == .tooManyHeld ? [("retry-after", "1")] : [])
  }
}

/// What a reader asks of a stream beside its name.
struct Reading: Equatable {
  /// The first index wanted.
  var from = 0
  /// The epoch that `from` counts in, where the reader named one.
  var epoch: String?
  /// How long a long poll may be held.
  var wait = Duration.seconds(25)
  /// What an event stream's IDs are made of.
  var ids = EventIDForm.full
  /// What an event stream's reader saw last, where it has been here before.
  var lastEventID: String?

  static let waitSeconds = 0.0...120.0

  init(from index: Int = 0) {
    from = index
  }

  /// - Throws: `FieldError` that names the parameter.
  init(_ request: Request) throws(FieldError) {
    for (name, value) in request.query {
      switch name {
      case "from":
        guard let index = Int(value), index >= 0 else {
          throw FieldError("'from' takes the first index wanted, a whole number from 0")
        }
        from = index
      case "epoch":
        epoch = value
      case "wait":
        guard let seconds = Double(value), Self.waitSeconds.contains(seconds) else {
          throw FieldError("'wait' takes seconds from 0 to 120")
        }
        wait = Duration(roundedSeconds: seconds)
      case "ids":
        ids = try EventIDForm(query: value)
      default:
        break
      }
    }
    if let text = request.fields["last-event-id"], !text.isEmpty {
      lastEventID = text
      if let seen = ids.place(text), seen.index < .max {
        from = seen.index + 1
        epoch = seen.epoch ?? epoch
      }
    }
  }

  /// Whether the reader has been here before.
  var isReturn: Bool { lastEventID != nil || from > 0 || epoch != nil }

  /// - Throws: `Unreadable`.
  func find(_ id: StreamID, in streams: Streams) throws(Unreadable) -> FramedLog {
    guard let source = streams[id] else { throw .unknown }
    if let lastEventID {
      // Whoever has seen the end has nothing to come back for; an ID that is none of ours counts as another's.
      let end = source.log.end == nil ? source.stream.question.tokenCount : source.count
      guard let seen = ids.place(lastEventID), seen.index < end else { throw .otherEpoch }
    }
    if let epoch, epoch != source.log.epoch.description { throw .otherEpoch }
    return source
  }
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

/// A WebSocket that was opened only to be told why it cannot be read.
struct Dismissal: Responder {
  private let text: String
  private let code: UInt16

  init(_ text: String, code: UInt16) {
    self.text = text
    self.code = code
  }

  mutating func turn(at now: Instant) -> Turn {
    .close(code, reason: text)
  }
}
