import LWS
import MonotonicTime
import TokenStream
import Wire

/// WebSocket: one text message a token, then `done`, then the closing handshake with 1000.
struct WebSocket: Responder {
  let cursor: Cursor
  let telemetry: TransportTelemetry
  /// Ends the stream's generation.
  private let stop: () -> Void
  private var saidDone = false

  init(_ cursor: Cursor, _ telemetry: TransportTelemetry, stop: @escaping () -> Void) {
    self.cursor = cursor
    self.telemetry = telemetry
    self.stop = stop
  }

  func received(_ message: Message) {
    if Stop(json: message.bytes) != nil { stop() }
  }

  mutating func turn(at now: Instant) -> Turn {
    if cursor.isTooFarBehind {
      telemetry.letGo += 1
      return .close(1_008, reason: cursor.lagText)
    }
    if cursor.hasToken {
      telemetry.tokensDelivered += 1
      return .send(cursor.source.message(cursor.advance()))
    }
    guard let reason = cursor.source.log.end else { return .wait(until: nil) }
    if saidDone { return .close(1000, reason: reason.rawValue) }
    saidDone = true
    return .send(Frame(.text, SocketMessage.done(reason: reason, tokens: cursor.source.count).json))
  }
}
