import Answers
import LWS
import MonotonicTime
import TokenStream
import Wire

/// WebSocket: one text message a token, then `done`, then the closing handshake with 1000.
struct WebSocket: ServedTransport {
  static let transport = Transport("websocket", resource: "socket", .socket)

  let place: StartingPlace

  init(_ request: Request) throws(FieldError) {
    place = try StartingPlace(request.query)
  }

  func responder(for reader: StreamReader) -> any Responder {
    TokenMessages(reader, from: place.from)
  }

  /// A page cannot see the status that refused its WebSocket, but a close code of the range for private use (RFC 6455,
  /// section 7.4.2).
  func refusal(_ reason: Unreadable) -> any Responder {
    Dismissal(reason.text, code: 4_000 + UInt16(reason.status))
  }
}

extension Framing {
  /// A token as a message.
  static let message = Framing(.text) { bytes, token, _ in bytes.append(json: token) }
}

/// A stream's tokens as messages.
struct TokenMessages: Responder {
  let cursor: Cursor
  private let messages: TokenCache<Frame>
  private let stream: HostedStream
  private unowned let generation: any Generation
  private let telemetry: TransportTelemetry
  private let isGathering: Bool
  private var saidDone = false

  init(_ reader: StreamReader, from index: Int) {
    stream = reader.stream
    generation = reader.generation
    telemetry = reader.telemetry
    isGathering = reader.limits.batching != nil
    cursor = reader.cursor(from: index)
    messages = reader.tokens.frames(.message)
  }

  func received(_ message: Message) {
    if Stop(json: message.bytes) != nil { generation.stop(stream) }
  }

  mutating func turn(at now: Instant) -> Step {
    if cursor.isTooFarBehind {
      telemetry.laggingDropped += 1
      // Try again later: the registry of RFC 6455, section 11.7.
      return .close(1_013, reason: cursor.lagText)
    }
    if cursor.hasToken {
      return .send(cursor.take(messages, gathered: isGathering, counting: telemetry))
    }
    guard let ending = cursor.source.log.end else { return .wait(until: nil) }
    if saidDone { return .close(1000, reason: ending.reason.rawValue) }
    saidDone = true
    return .send(Frame(.text, StreamMessage.done(cursor.source.done).json))
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

  mutating func turn(at now: Instant) -> Step {
    .close(code, reason: text)
  }
}
