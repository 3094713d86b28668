import MonotonicTime

/// Whether a WebSocket's peer is still there: who is silent for a while is pinged (RFC 6455, section 5.5.2), and given
/// up after half of that time again.
///
/// libwebsockets would do it too, but finds a connection's place among the others by going through all of them.
struct Silence {
  private enum Stage {
    case waiting(since: Instant)
    case pinged(at: Instant)
  }

  enum Step: Equatable {
    case wait
    case ping
    case giveUp
  }

  private let limit: Duration
  private var stage: Stage

  /// How long a ping that the socket cannot take has to wait.
  private static let postponement = Duration.seconds(1)

  /// - Parameter limit: how long a peer may be silent before it is pinged.
  init(limit: Duration, now: Instant) {
    self.limit = limit
    stage = .waiting(since: now)
  }

  /// When `step` has something to do, unless the peer is heard before.
  var next: Instant {
    switch stage {
    case .waiting(let since): since.advanced(by: limit)
    case .pinged(let at): at.advanced(by: limit / 2)
    }
  }

  mutating func heard(at now: Instant) {
    stage = .waiting(since: now)
  }

  func step(at now: Instant) -> Step {
    guard next <= now else { return .wait }
    if case .waiting = stage { return .ping }
    return .giveUp
  }

  mutating func didPing(at now: Instant) {
    stage = .pinged(at: now)
  }

  /// The socket could not take the ping.
  mutating func postpone(at now: Instant) {
    stage = .waiting(since: now.advanced(by: Self.postponement - limit))
  }
}
