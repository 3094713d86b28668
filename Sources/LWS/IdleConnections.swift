import CLibwebsockets
import MonotonicTime

/// Connections between two requests, the longest silent first.
///
/// libwebsockets keeps its timeouts in a sorted list that it walks from the front, so that with ten thousand kept
/// connections each answer would cost ten thousand steps. All of these wait equally long: whoever joins is the last.
struct IdleConnections<Connection> {
  private struct Place {
    var connection: Connection
    var since: Instant
    var before: Int?
    var after: Int?
  }

  /// By the connection's number among the peers.
  private var places: [Place?] = []
  private var first: Int?
  private var last: Int?

  /// Since when the longest silent one has been so.
  var longestSince: Instant? { first.flatMap { places[$0]?.since } }

  /// Adds a connection that is not there; `now` is no earlier than that of the last one.
  mutating func join(_ number: Int, _ connection: Connection, now: Instant) {
    while places.count <= number { places.append(nil) }
    places[number] = Place(connection: connection, since: now, before: last, after: nil)
    if let last { places[last]?.after = number } else { first = number }
    last = number
  }

  /// Harmless if it is not there.
  mutating func leave(_ number: Int) {
    guard places.indices.contains(number), let place = places[number] else { return }
    places[number] = nil
    if let before = place.before { places[before]?.after = place.after } else { first = place.after }
    if let after = place.after { places[after]?.before = place.before } else { last = place.before }
  }

  /// Takes out the longest silent one if it has been so since that instant.
  mutating func popSilent(since instant: Instant) -> Connection? {
    guard let first, let place = places[first], place.since <= instant else { return nil }
    leave(first)
    return place.connection
  }
}

extension Loop {
  /// A connection's request was answered, and no other has come.
  func didFallSilent(_ wsi: OpaquePointer) {
    // Its timeout, which was set with the answer's end.
    lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0)
    guard let number = peerSlot(wsi) else { return }
    idle.leave(number)
    idle.join(number, wsi, now: now)
    if !idleTimer.isSet { setIdleTimer() }
  }

  /// It asks again, or is gone.
  func didSpeak(_ wsi: OpaquePointer) {
    if let number = peerSlot(wsi) { idle.leave(number) }
  }

  /// Closes those that were silent for too long, without a word (RFC 9112, section 9.5).
  func closeIdle(_ now: Instant) {
    let earliest = now.advanced(by: .zero - limits.idleTime)
    while let wsi = idle.popSilent(since: earliest) {
      close(wsi, as: PENDING_TIMEOUT_HTTP_KEEPALIVE_IDLE)
    }
    setIdleTimer()
  }

  private func setIdleTimer() {
    if let since = idle.longestSince { set(idleTimer, at: since.advanced(by: limits.idleTime)) }
  }
}
