import LWS
import MonotonicTime
import Wire

/// Long polling (RFC 6202, section 2.1): the answer is held until there is a token to send, the stream ends,
/// or the reader's patience does.
struct LongPolling: ServedTransport {
  static let transport = Transport("long-polling", resource: "long-poll", .heldPages)

  let place: StartingPlace
  /// How long it may be held.
  private(set) var wait = Duration.seconds(25)

  private static let waitSeconds = 0.0...120.0

  init(_ request: Request) throws(FieldError) {
    place = try StartingPlace(request.query)
    for (name, value) in request.query where name == "wait" {
      guard let seconds = Double(decimal: value), Self.waitSeconds.contains(seconds) else {
        throw FieldError("'wait' takes seconds from 0 to 120")
      }
      wait = Duration(roundedSeconds: seconds)
    }
  }

  func responder(for reader: StreamReader) throws(Unreadable) -> any Responder {
    let cursor = reader.cursor(from: place.from)
    guard cursor.hasToken || reader.telemetry.waiting < reader.limits.heldPolls else {
      throw .noRoom("the server has reached its limit of long polls held")
    }
    return HeldPoll(cursor, until: .now.advanced(by: wait), reader.telemetry)
  }
}

/// A long poll that waits for its answer.
struct HeldPoll: Responder {
  let cursor: Cursor
  let deadline: Instant
  let telemetry: TransportTelemetry
  private var place: WaitingPlace?

  init(_ cursor: Cursor, until deadline: Instant, _ telemetry: TransportTelemetry) {
    self.cursor = cursor
    self.deadline = deadline
    self.telemetry = telemetry
  }

  mutating func turn(at now: Instant) -> Step {
    guard cursor.hasToken || cursor.hasEnded || now >= deadline else {
      place = place ?? WaitingPlace(telemetry)
      return .wait(until: deadline)
    }
    place = nil
    let page = cursor.source.page(from: cursor.next)
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
