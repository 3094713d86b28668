import Foundation
import LWS
import MonotonicTime
import Wire

/// What can be done to readers, or seen of them, at `/faults/NAME`.
enum FaultCommand: String, CaseIterable {
  /// Closes the connections that a reader has open; where it has none, the one of its next request.
  case cut
  /// Holds back everything that is to be sent to a reader.
  case stall
  /// Cuts, and closes whatever a reader opens meanwhile.
  case offline
  /// What the server counted of readers.
  case readers
  /// The last bytes written to a reader.
  case wire

  /// Whether it changes something.
  var isDeed: Bool { self == .cut || self == .stall || self == .offline }
}

/// Faults for demonstrations and tests, on only with `pushlab serve --faults`.
///
/// A reader takes part by a tag of its own: `reader=TAG` in the query of each of its requests. It alone is then
/// cut, stalled or looked into by `reader=TAG`; everybody with a tag by `reader=all`.
final class Faults {
  private var readers: [String: TaggedReader] = [:]
  /// In the order in which they came.
  private var tags: [String] = []
  private let connections = ConnectionLedger()

  static let longestTag = 40
  static let mostReaders = 500
  /// For how long a reader may be stalled or offline.
  static let seconds = 0.0...60.0

  static let areOff = Response.error(404, "this server takes no faults: start it with pushlab serve --faults")

  /// Answers a request, under the eyes of whoever gives faults.
  func attend(
    _ request: Request, _ session: Session, _ telemetry: TransportTelemetry, _ answer: () -> any Responder
  ) -> any Responder {
    let visit = Visit(session, connections)
    guard let tag = Self.value("reader", request.query), Self.isTag(tag), !request.path.hasPrefix("/faults/")
    else { return answer() }
    let reader = reader(tag)
    if reader.takesCut(at: .now) { return Dropped(session: session) }
    reader.enter(visit, request)
    session.tap = { bytes in reader.note(.down, bytes) }
    let before = telemetry.tokensDelivered
    let inner = answer()
    reader.tokens += telemetry.tokensDelivered - before
    return Attended(inner, reader, telemetry)
  }

  /// - Parameter query: `reader`, and for a stall or a time offline `seconds`.
  func response(to fault: FaultCommand, _ query: [(name: String, value: String)]) -> Response {
    guard let tag = Self.value("reader", query), Self.isTag(tag) else {
      return .error(
        400, "'reader' takes a reader's tag of 1 to \(Self.longestTag) letters and digits, or 'all'")
    }
    let chosen = tag == "all" ? tags.compactMap { readers[$0] } : readers[tag].map { [$0] } ?? []
    switch fault {
    case .readers, .wire:
      return .json(200, fault == .wire ? json(chosen.map(\.wire)) : json(chosen.map(\.counts)), Self.fresh)
    case .cut:
      return .json(200, Array(#"{"cut":\#(chosen.reduce(0) { $0 + $1.cut() })}"#.utf8), Self.fresh)
    case .stall, .offline:
      guard let seconds = Self.value("seconds", query).flatMap(Double.init), Self.seconds.contains(seconds)
      else { return .error(400, "'seconds' takes a number from 0 to 60") }
      let end = Instant.now.advanced(by: Duration(roundedSeconds: seconds))
      // A reader may be kept away before it first comes.
      let kept = chosen.isEmpty && tag != "all" ? [reader(tag)] : chosen
      for reader in kept { fault == .stall ? reader.stall(until: end) : reader.keepAway(until: end) }
      return .empty(204)
    }
  }

  private func reader(_ tag: String) -> TaggedReader {
    if let reader = readers[tag] { return reader }
    if tags.count >= Self.mostReaders, let idle = tags.firstIndex(where: { readers[$0]!.isIdle }) {
      readers[tags.remove(at: idle)] = nil
    }
    let reader = TaggedReader(tag)
    readers[tag] = reader
    tags.append(tag)
    return reader
  }

  private func json(_ values: [some Encodable]) -> [UInt8] {
    // Numbers and texts of ours, which always encode.
    Array(try! JSONEncoder().encode(values))
  }

  private static let fresh = [(name: "cache-control", value: "no-store")]

  private static func value(_ name: String, _ query: [(name: String, value: String)]) -> String? {
    query.first { $0.name == name }?.value
  }

  private static let tagBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-".utf8)

  private static func isTag(_ text: String) -> Bool {
    (1...longestTag).contains(text.utf8.count) && text.utf8.allSatisfy(tagBytes.contains)
  }
}

/// A responder whose reader can be stalled, and is counted.
private struct Attended: Responder {
  private var inner: any Responder
  private let reader: TaggedReader
  private let telemetry: TransportTelemetry

  init(_ inner: any Responder, _ reader: TaggedReader, _ telemetry: TransportTelemetry) {
    self.inner = inner
    self.reader = reader
    self.telemetry = telemetry
  }

  mutating func turn(at now: Instant) -> Turn {
    if let end = reader.stalledUntil, now < end { return .wait(until: end) }
    let before = telemetry.tokensDelivered
    let turn = inner.turn(at: now)
    reader.tokens += telemetry.tokensDelivered - before
    switch turn {
    case .respond(let response): reader.bodyBytes += response.body.count
    case .send(let frame): reader.bodyBytes += frame.count
    default: break
    }
    return turn
  }

  mutating func received(_ message: Message) {
    inner.received(message)
  }

  mutating func peerEndedSending() {
    inner.peerEndedSending()
  }
}

/// Closes the connection instead of answering.
private struct Dropped: Responder {
  /// Owns this.
  unowned let session: Session

  mutating func turn(at now: Instant) -> Turn {
    session.abort()
    return .wait(until: nil)
  }
}
