import LWS
import MonotonicTime
import TokenStream
import Wire

/// Server-Sent Events: one response, one event a token, then `done`.
struct ServerSentEvents: Responder {
  // What every token needs stands first.
  let cursor: Cursor
  let telemetry: TransportTelemetry
  private let ids: EventIDForm
  private var stage = Stage.head
  private var isQuiet = false
  /// The reader may have left; what is sent tells.
  private var owesComment = false
  /// When to look whether anything was sent meanwhile.
  private var nextHeartbeat: Instant?
  private let heartbeat: Duration
  private var prologue: Frame?
  /// The data of the `done` event.
  let farewell: (FramedLog) -> [UInt8]

  private enum Stage {
    case head
    case prologue
    case tokens
    case end
  }

  /// How long a reader waits before it comes back (the `retry` field).
  static let retry = Duration.seconds(1)

  /// - Parameter greeting: what is sent before the first token.
  init(
    _ cursor: Cursor, _ telemetry: TransportTelemetry, heartbeat: Duration, ids: EventIDForm = .full,
    greeting: [UInt8] = Array("retry: \(retry.inNanoseconds / 1_000_000)\n\n".utf8),
    farewell: @escaping (FramedLog) -> [UInt8] = { source in
      Array(Done(reason: source.log.end ?? .complete, tokens: source.count).text.utf8)
    }
  ) {
    self.cursor = cursor
    self.telemetry = telemetry
    self.farewell = farewell
    self.heartbeat = heartbeat
    self.ids = ids
    prologue = Frame(.body, greeting)
  }

  mutating func turn(at now: Instant) -> Turn {
    switch stage {
    case .head:
      stage = .prologue
      return .start(.eventStream)
    case .prologue:
      stage = .tokens
      defer { prologue = nil }
      return .send(prologue!)
    case .tokens where cursor.isTooFarBehind:
      stage = .end
      telemetry.letGo += 1
      return .send(Self.dismissal(cursor))
    case .tokens where cursor.hasToken:
      isQuiet = false
      telemetry.tokensDelivered += 1
      let index = cursor.advance()
      return .send(ids == .full ? cursor.source.event(index) : cursor.source.bareEvent(index))
    case .tokens where cursor.hasEnded:
      stage = .end
      return .send(Self.done(cursor.source, ids, farewell))
    case .tokens:
      return rest(now)
    case .end:
      return .finish
    }
  }

  mutating func peerEndedSending() {
    owesComment = true
  }

  /// Nothing to send. The deadline is not moved with every token, which would cost more than it is worth: a
  /// stream is silent for one to two heartbeats.
  private mutating func rest(_ now: Instant) -> Turn {
    if owesComment {
      owesComment = false
      return .send(Self.comment())
    }
    if let due = nextHeartbeat, now < due { return .wait(until: due) }
    let sendsComment = nextHeartbeat != nil && isQuiet
    nextHeartbeat = now.advanced(by: heartbeat)
    isQuiet = true
    return sendsComment ? .send(Self.comment()) : .wait(until: nextHeartbeat)
  }

  private static func comment() -> Frame {
    Frame(.body, Array(":\n\n".utf8))
  }

  /// What a reader is told that is let go; its last event's ID stays with it, so it may come back for the rest.
  private static func dismissal(_ cursor: Cursor) -> Frame {
    Frame(.body, ServerSentEvent.encode(name: "error", data: ErrorBody(error: cursor.lagText).json))
  }

  /// Its ID is one past the last token's, so that a reader which comes back with it is told to stop.
  private static func done(
    _ source: FramedLog, _ ids: EventIDForm, _ farewell: (FramedLog) -> [UInt8]
  ) -> Frame {
    let id = ids.id(source.log.epoch, source.count)
    return Frame(.body, ServerSentEvent.encode(name: "done", id: id, data: farewell(source)))
  }
}

/// An event stream's head, and nothing of it.
struct EventStreamHead: Responder {
  mutating func turn(at now: Instant) -> Turn { .start(.eventStream) }
}

extension ResponseHead {
  /// `x-accel-buffering` keeps nginx from holding the stream back.
  static let eventStream = ResponseHead(
    status: 200,
    fields: [
      ("content-type", "text/event-stream"), ("cache-control", "no-store"), ("x-accel-buffering", "no"),
      ("x-content-type-options", "nosniff"),
    ])
}
