import CLibwebsockets
import Glibc
import MonotonicTime

/// Waiting: for the socket, for the responder, for a WebSocket's peer, each with its end.
extension Session {
  /// - Parameter alreadyAsked: whether libwebsockets asks for the callback by itself, as it does behind a write that
  ///   the socket did not take whole.
  func awaitWritable(alreadyAsked: Bool) {
    awaitsWritable = true
    if !alreadyAsked { lws_callback_on_writable(wsi) }
    patience = loop.now.advanced(by: loop.limits.stallTime)
    setDue()
  }

  /// Nothing to write for now.
  func hold(until deadline: Instant?) {
    self.deadline = deadline
    setDue()
  }

  private func setDue() {
    guard let next = earliest(deadline, earliest(patience, silence?.next)), next != nextDue else { return }
    nextDue = next
    loop.set(self, at: next)
  }

  public func comeDue(at now: Instant) {
    nextDue = nil
    if let patience, patience <= now { return runOutOfPatience() }
    guard breakSilence(at: now) else { return abort() }
    if let deadline, deadline <= now {
      // Spent, also where the turn has to wait until the socket takes something.
      self.deadline = nil
      wake()
    }
    if stage == .answering || stage == .streaming { setDue() }
  }

  /// Pings a WebSocket that has been silent.
  /// - Returns: false where it is given up.
  private func breakSilence(at now: Instant) -> Bool {
    switch silence?.step(at: now) {
    case nil, .wait:
      return true
    case .ping where awaitsWritable || lws_partial_buffered(wsi) != 0:
      silence?.postpone(at: now)
      return true
    case .ping:
      silence?.didPing(at: now)
      // Not an empty one: libwebsockets says nothing of its pong.
      guard send(Frame(.ping, Array("there?".utf8))) else { return false }
      if lws_partial_buffered(wsi) != 0 { awaitWritable(alreadyAsked: true) }
      return true
    case .giveUp:
      return false
    }
  }

  private func runOutOfPatience() {
    patience = nil
    loop.service?.didLetGo(ofStalled: self)
    // Nothing more can be said to somebody who does not read: what the kernel holds for it goes at once, and
    // libwebsockets does not wait for what it holds itself.
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    shutdown(descriptor, CInt(SHUT_RDWR))
    abort()
  }

  /// Nothing falls due any more.
  func letGo() {
    loop.cancel(self)
    nextDue = nil
    deadline = nil
    patience = nil
    silence = nil
  }
}

private func earliest(_ a: Instant?, _ b: Instant?) -> Instant? {
  guard let a, let b else { return a ?? b }
  return min(a, b)
}
