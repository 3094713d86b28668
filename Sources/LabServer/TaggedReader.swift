import Foundation
import LWS
import MonotonicTime

/// What the server knows of one reader that named itself, and what is done to it.
final class TaggedReader {
  enum Direction: String, Encodable {
    case up
    case down
  }

  /// What `/faults/readers` tells of it. Bytes `up` and `down` are TCP payload, as Linux counted it on the
  /// reader's connections: heads, framing and handshakes included. `bodies` are without all those. What was cut
  /// or kept away before it was looked at is not counted.
  struct Counts: Encodable {
    var reader: String
    var requests: Int
    var connections: Int
    var open: Int
    var tokens: Int
    var bodies: Int
    var up: Int
    var down: Int
  }

  /// What `/faults/wire` tells of it.
  struct Wire: Encodable {
    var reader: String
    var messages: [WireMessage]
  }

  /// One write of the server's, or one request, of which its line alone is known.
  struct WireMessage: Encodable {
    var number: Int
    var direction: Direction
    /// How many bytes it had.
    var size: Int
    /// The first of them.
    var bytes: Data
  }

  let tag: String
  var tokens = 0
  var bodyBytes = 0
  private(set) var stalledUntil: Instant?
  private var awayUntil: Instant?
  private var cutsNext = false
  private var requests = 0
  private var connections: Set<UInt64> = []
  private var settled = Traffic()
  private var visits: [ObjectIdentifier: Unowned] = [:]
  private var messages: [WireMessage] = []
  private var noted = 0

  private struct Unowned {
    unowned let visit: Visit
  }

  static let messagesKept = 8
  static let bytesKept = 1_200

  init(_ tag: String) {
    self.tag = tag
  }

  var isIdle: Bool { visits.isEmpty }

  func enter(_ visit: Visit, _ request: Request) {
    requests += 1
    connections.insert(visit.cookie)
    visits[ObjectIdentifier(visit)] = Unowned(visit: visit)
    visit.reader = self
    note(.up, size: visit.traffic.received, Data(request.lineWithoutToken.utf8))
    // The handshake's answer is libwebsockets' own.
    if visit.session.isWebSocket {
      note(.down, size: visit.traffic.sent, Data("HTTP/1.1 101 Switching Protocols\r\n".utf8))
    }
  }

  func leave(_ visit: Visit) {
    guard visits.removeValue(forKey: ObjectIdentifier(visit)) != nil else { return }
    settled.add(visit.traffic)
  }

  func note(_ direction: Direction, _ bytes: UnsafeRawBufferPointer) {
    note(direction, size: bytes.count, Data(bytes.prefix(Self.bytesKept)))
  }

  private func note(_ direction: Direction, size: Int, _ bytes: Data) {
    noted += 1
    messages.append(WireMessage(number: noted, direction: direction, size: size, bytes: bytes))
    if messages.count > Self.messagesKept { messages.removeFirst() }
  }

  /// - Returns: how many connections were closed; where none was open, the next one will be.
  func cut() -> Int {
    if visits.isEmpty { cutsNext = true }
    for place in visits.values { place.visit.session.abort() }
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
    let traffic = visits.values.reduce(into: settled) { $0.add($1.visit.traffic) }
    return Counts(
      reader: tag, requests: requests, connections: connections.count, open: visits.count, tokens: tokens,
      bodies: bodyBytes, up: traffic.received, down: traffic.sent)
  }

  var wire: Wire { Wire(reader: tag, messages: messages) }
}

extension Request {
  /// The request line as it stood, but for an access token in it, which nobody is shown.
  var lineWithoutToken: String {
    var query = query[...]
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let pairs = parts.dropFirst().first?.split(separator: "&", omittingEmptySubsequences: false) ?? []
    let shown = pairs.map { pair in
      // Each pair that is not empty is one of the query's, in its order.
      let name = pair.isEmpty ? nil : query.popFirst()?.name
      return name == "token" ? "token=…" : String(pair)
    }
    let rest = parts.count > 1 ? "?" + shown.joined(separator: "&") : ""
    return "\(method.rawValue) \(parts[0])\(rest) \(version)\r\n"
  }
}
