import LWS
import MonotonicTime

/// A response whose body is a stream's tokens, one frame each, for as long as the stream lasts.
struct TokenBody: Responder {
  // What every token needs stands first.
  let cursor: Cursor
  private let frames: TokenCache<Frame>
  let telemetry: TransportTelemetry
  private var stage = Stage.head
  private var isQuiet = false
  /// The reader may have left; what is sent tells.
  private var owesSign = false
  /// When to look whether anything was sent meanwhile.
  private var nextHeartbeat: Instant?
  private let heartbeat: Duration
  private let form: Form

  /// What surrounds the tokens.
  struct Form {
    var head: ResponseHead
    /// Before the first token; nil for nothing.
    var greeting: [UInt8]?
    /// What a reader passes over, sent where it would hear nothing for long.
    var sign: [UInt8]
    /// Behind the last token.
    var farewell: (FramedLog) -> [UInt8]
    /// What a reader is told that is let go, because it fell behind.
    var dismissal: (Cursor) -> [UInt8]
  }

  private enum Stage {
    case head
    case greeting
    case tokens
    case end
  }

  init(_ reader: StreamReader, from index: Int, _ framing: Framing, _ form: Form) {
    cursor = reader.cursor(from: index)
    frames = reader.tokens.frames(framing)
    telemetry = reader.telemetry
    heartbeat = reader.limits.heartbeat
    self.form = form
  }

  mutating func turn(at now: Instant) -> Step {
    switch stage {
    case .head:
      stage = form.greeting == nil ? .tokens : .greeting
      return .start(form.head)
    case .greeting:
      stage = .tokens
      return .send(Frame(.body, form.greeting ?? []))
    case .tokens where cursor.isTooFarBehind:
      stage = .end
      telemetry.laggingDropped += 1
      return .send(Frame(.body, form.dismissal(cursor)))
    case .tokens where cursor.hasToken:
      isQuiet = false
      telemetry.tokensDelivered += 1
      return .send(frames[cursor.advance()])
    case .tokens where cursor.hasEnded:
      stage = .end
      return .send(Frame(.body, form.farewell(cursor.source)))
    case .tokens:
      return rest(now)
    case .end:
      return .finish
    }
  }

  mutating func peerEndedSending() {
    owesSign = true
  }

  /// Nothing to send. The deadline is not moved with every token, which would cost more than it is worth: a
  /// stream is silent for one to two heartbeats.
  private mutating func rest(_ now: Instant) -> Step {
    if owesSign {
      owesSign = false
      return .send(Frame(.body, form.sign))
    }
    if let due = nextHeartbeat, now < due { return .wait(until: due) }
    let isSilent = nextHeartbeat != nil && isQuiet
    nextHeartbeat = now.advanced(by: heartbeat)
    isQuiet = true
    return isSilent ? .send(Frame(.body, form.sign)) : .wait(until: nextHeartbeat)
  }
}

/// A stream's head, and nothing of it: what `HEAD` asks for.
struct HeadAlone: Responder {
  let head: ResponseHead

  mutating func turn(at now: Instant) -> Step { .start(head) }
}

extension ResponseHead {
  /// Of a body that is read while it is made: nobody on the way keeps it (RFC 9111, section 5.2.2.5), and
  /// `x-accel-buffering` keeps nginx from holding it back.
  static func stream(of type: String) -> ResponseHead {
    ResponseHead(
      status: 200,
      fields: [
        ("content-type", type), ("cache-control", "no-store"), ("x-accel-buffering", "no"),
        ("x-content-type-options", "nosniff"),
      ])
  }
}
