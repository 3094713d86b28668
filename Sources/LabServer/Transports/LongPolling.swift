import LWS
import MonotonicTime
import TokenStream
import Wire

/// Long polling (RFC 6202, section 2.1): the answer is held until there is a token to send, the stream ends,
/// or the reader's patience does.
struct LongPolling: Responder {
  let cursor: Cursor
  let deadline: Instant
  let telemetry: TransportTelemetry

  init(_ source: FramedLog, _ reading: Reading, _ session: any Wakeable, _ telemetry: TransportTelemetry) {
    cursor = Cursor(source, from: reading.from, waking: session)
    deadline = .now.advanced(by: reading.wait)
    self.telemetry = telemetry
  }

  mutating func turn(at now: Instant) -> Turn {
    guard cursor.hasToken || cursor.hasEnded || now >= deadline else { return .wait(until: deadline) }
    let page = ShortPolling.page(of: cursor.source, from: cursor.next)
    telemetry.tokensDelivered += page.tokenCount
    return .respond(page.response)
  }
}
