import Foundation
import LWS
import MonotonicTime

/// What the server counts of readers that name themselves, with `reader=TAG` in the query of each of their requests.
///
/// It is told at `/readers?tag=TAG` to whoever knows the tag, and may use the server at all. A request without one costs a
/// look at its query. What was refused before its path was looked at is nobody's.
final class Readers {
  private var byTag: [String: TaggedReader] = [:]

  static let longestTag = 40
  /// Past so many, whoever was silent for longest makes room; nobody does before `silence`, and a reader that finds no
  /// room is not counted.
  static let most = 500
  static let silence = Duration.seconds(60)

  subscript(tag: String) -> TaggedReader? { byTag[tag] }

  var all: some Collection<TaggedReader> { byTag.values }

  /// The reader of that tag, new where there is none; nil where there is no room for another.
  func reader(_ tag: String, now: Instant) -> TaggedReader? {
    if let reader = byTag[tag] { return reader }
    if byTag.count >= Self.most {
      let idle = byTag.values.lazy.filter { $0.isIdle && $0.lastRequest.duration(to: now) > Self.silence }
      guard let oldest = idle.min(by: { $0.lastRequest < $1.lastRequest }) else { return nil }
      byTag[oldest.tag] = nil
    }
    let reader = TaggedReader(tag, now: now)
    byTag[tag] = reader
    return reader
  }

  /// Answers a request, and counts what its reader gets.
  /// - Parameter areBroken: whether readers can be cut, stalled and looked into.
  func attend(
    _ request: Request, _ session: Session, _ telemetry: TransportTelemetry, areBroken: Bool,
    _ answer: () -> any Responder
  ) -> any Responder {
    guard let tag = Self.tag(in: request.query), Self.isTag(tag), !request.path.hasPrefix("/faults/")
    else { return answer() }
    let now = Instant.now
    guard let reader = reader(tag, now: now) else { return answer() }
    let visit = reader.enter(session, request, now: now)
    if areBroken {
      if reader.takesCut(at: now) { return Dropped(session: session) }
      reader.messages.note(request, size: request.size)
      if session.isWebSocket { reader.messages.noteOpening(of: session) }
      session.tap = { bytes in reader.messages.note(bytes) }
    }
    let before = telemetry.tokensDelivered
    let inner = answer()
    reader.tokens += telemetry.tokensDelivered - before
    return Attended(inner, reader, visit, telemetry)
  }

  /// The response to `/readers?tag=TAG`: a list of the one reader that has it, or of none.
  func response(to query: [(name: String, value: String)]) -> Response {
    guard let tag = query.first(where: { $0.name == "tag" })?.value, Self.isTag(tag) else {
      return .error(
        400, "'tag' takes what a reader names itself: 1 to \(Self.longestTag) letters, digits and hyphens")
    }
    let told = byTag[tag].map { [$0.counts] } ?? []
    return .json(200, encoding: told, [(name: "cache-control", value: "no-store")])
  }

  static func tag(in query: [(name: String, value: String)]) -> String? {
    query.first { $0.name == "reader" }?.value
  }

  private static let tagBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-".utf8)

  static func isTag(_ text: String) -> Bool {
    (1...longestTag).contains(text.utf8.count) && text.utf8.allSatisfy(tagBytes.contains)
  }
}

/// A responder whose reader is counted, and can be stalled.
private struct Attended: Responder {
  private var inner: any Responder
  private let reader: TaggedReader
  private let visit: Visit
  private let telemetry: TransportTelemetry

  init(_ inner: any Responder, _ reader: TaggedReader, _ visit: Visit, _ telemetry: TransportTelemetry) {
    self.inner = inner
    self.reader = reader
    self.visit = visit
    self.telemetry = telemetry
  }

  mutating func turn(at now: Instant) -> Step {
    if let end = reader.stalledUntil, now < end { return .wait(until: end) }
    let before = telemetry.tokensDelivered
    let turn = inner.turn(at: now)
    reader.tokens += telemetry.tokensDelivered - before
    switch turn {
    case .wait: return turn
    case .respond(let response): reader.bodyBytes += response.body.count
    case .send(let frame): reader.bodyBytes += frame.count
    case .start, .finish, .close: break
    }
    reader.isAnswered(in: visit)
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

  mutating func turn(at now: Instant) -> Step {
    session.abort()
    return .wait(until: nil)
  }
}
