import Foundation
import LWS
import MonotonicTime

/// What the server knows of one reader that named itself, and what is done to it.
final class TaggedReader {
  /// What `/readers?tag=TAG` tells of it, of the time since `since`. Bytes `up` and `down` are TCP payload of its
  /// exchanges: requests as they came, and what Linux counted on its connections, heads, framing and the opening and
  /// closing of WebSockets included. `bodies` are without all those, and before compression. A connection that was reset
  /// after one side had ended its sending may have a byte more or less `up`.
  struct Counts: Encodable {
    var reader: String
    /// Nanoseconds of the server's monotonic clock; another number says that all was counted anew.
    var since: Int64
    var requests: Int
    /// Its exchanges and WebSockets that are open now.
    var open: Int
    /// How often it was answered again after an answer that broke off; not where it came back before the break was seen.
    var returns: Int
    var tokens: Int
    var bodies: Int
    var up: Int
    var down: Int
  }

  let tag: String
  var tokens = 0
  var bodyBytes = 0
  /// The last of its messages, where they are shown.
  var messages = LastMessages()
  private(set) var stalledUntil: Instant?
  private(set) var lastRequest: Instant
  private var awayUntil: Instant?
  private var cutsNext = false
  private let since: Instant
  private var requests = 0
  private var returns = 0
  /// How many requests had come when an answer broke off behind which none was given yet.
  private var requestsAtBreak: Int?
  private var settled = Traffic()
  private var visits: [ObjectIdentifier: Visit] = [:]

  init(_ tag: String, now: Instant) {
    self.tag = tag
    since = now
    lastRequest = now
  }

  var isIdle: Bool { visits.isEmpty }

  func enter(_ session: Session, _ request: Request, now: Instant) -> Visit {
    requests += 1
    lastRequest = now
    let visit = Visit(session, request, number: requests)
    visits[ObjectIdentifier(visit)] = visit
    session.whenEnding = { isWhole in self.leave(visit, isWhole: isWhole) }
    return visit
  }

  private func leave(_ visit: Visit, isWhole: Bool) {
    settled.add(visit.traffic)
    visits[ObjectIdentifier(visit)] = nil
    if !isWhole { requestsAtBreak = requests }
  }

  /// Something of an answer is sent.
  func isAnswered(in visit: Visit) {
    guard let requestsAtBreak, visit.number > requestsAtBreak else { return }
    self.requestsAtBreak = nil
    returns += 1
  }

  /// - Returns: how many connections were closed; where none was open, the next one will be.
  func cut() -> Int {
    if visits.isEmpty { cutsNext = true }
    for visit in visits.values { visit.session.abort() }
    return visits.count
  }

  func stall(until end: Instant) {
    stalledUntil = end
  }

  func keepAway(until end: Instant) {
    awayUntil = end
    if !visits.isEmpty { _ = cut() }
  }

  /// Whether the connection of a request that has come is to be closed.
  func takesCut(at now: Instant) -> Bool {
    defer { cutsNext = false }
    return cutsNext || awayUntil.map { now < $0 } ?? false
  }

  var counts: Counts {
    let traffic = visits.values.reduce(into: settled) { $0.add($1.traffic) }
    return Counts(
      reader: tag, since: since.nanoseconds, requests: requests, open: visits.count, returns: returns,
      tokens: tokens, bodies: bodyBytes, up: traffic.received, down: traffic.sent)
  }
}
