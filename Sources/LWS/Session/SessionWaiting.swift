import CLibwebsockets
import MonotonicTime

/// What a session waits for, each with its end.
struct SessionWaits {
  /// The responder's.
  fileprivate var deadline: Instant?
  /// For a reader whose socket can take nothing.
  fileprivate var reader: SlowReader?
  /// What the session is set to in the loop: known here, the loop need not be asked for every piece.
  fileprivate var nextDue: Instant?
  /// Of a WebSocket.
  fileprivate var silence: Silence?

  /// A WebSocket's peer may be silent for so long before it is asked whether it is there.
  mutating func listen(from now: Instant, for limit: Duration) {
    silence = Silence(limit: limit, now: now)
  }

  mutating func heard(at now: Instant) { silence?.heard(at: now) }

  mutating func tookSomething(at now: Instant) {
    if reader?.isInOurCare == true { reader?.sawProgress(at: now) } else { reader = nil }
  }

  fileprivate var next: Instant? { earliest(deadline, earliest(reader?.nextLook, silence?.next)) }
}

/// Waiting: for the socket, for the responder, for a WebSocket's peer.
extension Session {
  /// - Parameter alreadyAsked: whether libwebsockets asks for the callback by itself, as it does behind a write that
  ///   the socket did not take whole.
  func awaitWritable(alreadyAsked: Bool) {
    awaitsWritable = true
    if !alreadyAsked { lws_callback_on_writable(wsi) }
    // Not looked at here: most waits are over before the first look.
    if waits.reader == nil {
      waits.reader = connection?.slowReader.take() ?? SlowReader(loop.limits, now: loop.now)
    }
    setDue()
  }

  /// Nothing to write for now.
  func hold(until deadline: Instant?) {
    waits.deadline = deadline
    setDue()
  }

  private func setDue() {
    guard let next = waits.next, next != waits.nextDue else { return }
    waits.nextDue = next
    loop.set(self, at: next)
  }

  public func comeDue(at now: Instant) {
    waits.nextDue = nil
    guard waits.reader.isWaitedFor(at: now, on: descriptor, isAllWritten: !awaitsWritable, by: loop) else {
      // libwebsockets does not wait for what it holds itself.
      return abort()
    }
    guard breakSilence(at: now) else { return abort() }
    if let deadline = waits.deadline, deadline <= now {
      // Spent, also where the turn has to wait until the socket takes something.
      waits.deadline = nil
      wake()
    }
    if stage != .ended { setDue() }
  }

  /// Pings a WebSocket that has been silent.
  /// - Returns: false where it is given up.
  private func breakSilence(at now: Instant) -> Bool {
    switch waits.silence?.step(at: now) {
    case nil, .wait:
      return true
    case .ping where awaitsWritable || lws_partial_buffered(wsi) != 0:
      waits.silence?.postpone(at: now)
      return true
    case .ping:
      waits.silence?.didPing(at: now)
      // Not an empty one: libwebsockets says nothing of its pong.
      guard send(Frame(.ping, Array("there?".utf8))) else { return false }
      if lws_partial_buffered(wsi) != 0 { awaitWritable(alreadyAsked: true) }
      return true
    case .giveUp:
      return false
    }
  }

  /// Nothing falls due any more.
  func cancelDue() {
    loop.cancel(self)
    if let reader = waits.reader, reader.isInOurCare { connection?.lookAfter(reader) }
    waits = SessionWaits()
  }
}

private func earliest(_ a: Instant?, _ b: Instant?) -> Instant? {
  guard let a, let b else { return a ?? b }
  return min(a, b)
}
