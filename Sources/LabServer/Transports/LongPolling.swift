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
  private var place: WaitingPlace?

  init(_ cursor: Cursor, _ reading: Reading, _ telemetry: TransportTelemetry) {
    self.cursor = cursor
    deadline = .now.advanced(by: reading.wait)
    self.telemetry = telemetry
  }

  mutating func turn(at now: Instant) -> Turn {
    guard cursor.hasToken || cursor.hasEnded || now >= deadline else {
      place = place ?? WaitingPlace(telemetry)
      return .wait(until: deadline)
    }
    place = nil
    let page = ShortPolling.page(of: cursor.source, from: cursor.next)
    telemetry.tokensDelivered += page.tokenCount
    return .respond(page.response)
  }
}

/// One of the places for readers that are held, while it lives.
private final class WaitingPlace {
  private let telemetry: TransportTelemetry

  init(_ telemetry: TransportTelemetry) {
    self.telemetry = telemetry
    telemetry.waiting += 1
  }

  deinit {
    telemetry.waiting -= 1
  }
}
