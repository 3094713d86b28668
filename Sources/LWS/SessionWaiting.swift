import CLibwebsockets
import Glibc
import MonotonicTime

/// Waiting: for the socket, for the responder, for the peer, each with its end.
extension Session {
  func awaitWritable(alreadyAsked: Bool) {
    awaitsWritable = true
    held.release(wsi)
    if !alreadyAsked { lws_callback_on_writable(wsi) }
    wait(upTo: loop.limits.stallTime)
  }

  /// What is to come next must come by then.
  func wait(upTo time: Duration) {
    patience = loop.now.advanced(by: time)
    setDue()
  }

  /// Nothing to write for now: watch for the reader's departure, and set the deadline.
  func hold(until deadline: Instant?) {
    self.deadline = deadline
    if !isWebSocket { watchPeer() }
    setDue()
  }

  private func watchPeer() {
    if let own = loop.own, !hasStirred {
      guard joinedWatch == nil else { return }
      lws_http_headers_detach(wsi)
      held.listen()
      loop.beforeSleep.didHold(wsi)
      joinedWatch = JoinedWatch(own, descriptor, self)
      return
    }
    held.hold(wsi, now: loop.now)
    guard !isWatched else { return }
    isWatched = true
    lws_http_headers_detach(wsi)
    loop.events.watch(descriptor, for: clws_epoll_hangup_once, self)
  }

  /// The peer has left, or sends what has to wait for the end of this response.
  func peerStirred() {
    joinedWatch = nil
    hasStirred = true
    if clws_peer_has_ended(descriptor) != 0 {
      abort()
    } else if !awaitsWritable {
      watchPeer()
      setDue()
    }
  }

  private func setDue() {
    let ofPeer = earliest(patience, silence?.next)
    guard let next = earliest(earliest(held.next, deadline), ofPeer), next != nextDue else { return }
    nextDue = next
    loop.set(self, at: next)
  }

  public func comeDue(at now: Instant) {
    nextDue = nil
    if let patience, patience <= now { return runOutOfPatience() }
    held.comeDue(wsi, at: now)
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
    if stage == .readingRequest {
      defer { request = nil }
      _ = refuse(.requestTimeout, of: request)
      loop.close(wsi, as: PENDING_TIMEOUT_USER_OK)
    } else {
      loop.service?.didLetGo(ofStalled: self)
      // Nothing more can be said to somebody who does not read: what the kernel holds for it goes at once, and
      // libwebsockets does not wait for what it holds itself.
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
      shutdown(descriptor, CInt(SHUT_RDWR))
      abort()
    }
  }

  func letGo() {
    unwatch()
    held.release(wsi)
    loop.cancel(self)
    nextDue = nil
  }

  func unwatch() {
    joinedWatch = nil
    guard isWatched else { return }
    isWatched = false
    loop.events.stopWatching(descriptor)
  }
}

private func earliest(_ a: Instant?, _ b: Instant?) -> Instant? {
  guard let a, let b else { return a ?? b }
  return min(a, b)
}
