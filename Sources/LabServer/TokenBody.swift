import LWS
import MonotonicTime
import Wire

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
  private let hints: ForwardingHints
  private let isGathering: Bool
  /// What is sent before the first token; nil once it was, and where there is nothing.
  private var greeting: [UInt8]?
  /// Kept as long as the reader stays.
  private let kept: AnyObject?

  /// What surrounds the tokens, the same for all who read in one way.
  final class Form: Sendable {
    let head: ResponseHead
    /// What a reader passes over, sent where it would hear nothing for long.
    let sign: [UInt8]
    /// Behind the last token.
    let farewell: @Sendable (FramedLog) -> [UInt8]
    /// What a reader is told that is dropped, because it fell behind.
    let dismissal: @Sendable (Cursor) -> [UInt8]

    init(
      head: ResponseHead, sign: [UInt8], farewell: @escaping @Sendable (FramedLog) -> [UInt8],
      dismissal: @escaping @Sendable (Cursor) -> [UInt8]
    ) {
      self.head = head
      self.sign = sign
      self.farewell = farewell
      self.dismissal = dismissal
    }
  }

  private enum Stage {
    case head
    case greeting
    case tokens
    case end
  }

  /// - Parameters:
  ///   - greeting: what is sent before the first token; nil for nothing.
  ///   - kept: for as long as the reader stays.
  init(
    _ reader: StreamReader, from index: Int, _ framing: Framing, _ form: Form, greeting: [UInt8]? = nil,
    keeping kept: AnyObject? = nil
  ) {
    self.greeting = greeting
    self.kept = kept
    cursor = reader.cursor(from: index)
    frames = reader.tokens.frames(framing)
    telemetry = reader.telemetry
    heartbeat = reader.limits.heartbeat
    hints = reader.limits.forwardingHints
    isGathering = reader.limits.batching != nil
    self.form = form
  }

  mutating func turn(at now: Instant) -> Step {
    switch stage {
    case .head:
      stage = greeting == nil ? .tokens : .greeting
      return .start(form.head.asking(hints))
    case .greeting:
      stage = .tokens
      return .send(Frame(.body, greeting.take() ?? []))
    case .tokens where cursor.isTooFarBehind:
      stage = .end
      telemetry.laggingDropped += 1
      return .send(Frame(.body, form.dismissal(cursor)))
    case .tokens where cursor.hasToken:
      isQuiet = false
      return .send(cursor.take(frames, gathered: isGathering, counting: telemetry))
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
  /// Of a body that is read while it is made: nobody on the way keeps it (RFC 9111, section 5.2.2.5).
  static func stream(of type: String) -> ResponseHead {
    ResponseHead(
      status: 200,
      fields: [
        ("content-type", type), ("cache-control", "no-store"), ("x-content-type-options", "nosniff"),
      ])
  }

  /// The same head, which asks those on the way to pass its body on as it comes.
  func asking(_ hints: ForwardingHints) -> ResponseHead {
    var head = self
    head.fields += hints.fields
    return head
  }
}
