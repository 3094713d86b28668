import CLibwebsockets
import MonotonicTime

/// What libwebsockets is told of its connections before the loop sleeps, where the loop is ours: outside of its
/// callbacks, and past the kernel.
struct BeforeSleep {
  /// Connections whose request was answered. libwebsockets takes the next one only when it has seen that the socket
  /// can be written to; it would ask the kernel to be told, and again to be told no more.
  private var answered: [OpaquePointer] = []
  /// Connections to be closed as if their peers had hung up. libwebsockets' own way is a timeout, which it looks at
  /// when all sockets are idle, and one whose peer is gone never is.
  private var aborted: [OpaquePointer] = []
  /// Connections whose response is held from now on. What came in one read with the request is filed by now.
  private var held: [OpaquePointer] = []

  mutating func didAnswer(_ wsi: OpaquePointer) { answered.append(wsi) }
  mutating func abort(_ wsi: OpaquePointer) { aborted.append(wsi) }
  mutating func didHold(_ wsi: OpaquePointer) { held.append(wsi) }

  /// The next connection, and what is to be said of it.
  mutating func nextToTell() -> (wsi: OpaquePointer, events: Int32)? {
    if let wsi = aborted.popLast() { return (wsi, POLLHUP) }
    return answered.popLast().map { ($0, POLLOUT) }
  }

  mutating func nextHeld() -> OpaquePointer? { held.popLast() }

  /// It is gone. Connections are here for one turn of the loop at most, and seldom end in it.
  mutating func remove(_ wsi: OpaquePointer) {
    answered.removeAll { $0 == wsi }
    aborted.removeAll { $0 == wsi }
    held.removeAll { $0 == wsi }
  }
}

extension Loop {
  func sayBeforeSleep() {
    while let wsi = beforeSleep.nextHeld() { HeldSocket.askForWaitingBytes(wsi) }
    while let (wsi, events) = beforeSleep.nextToTell() {
      var look = pollfd(
        fd: CInt(lws_get_socket_fd(wsi)), events: Int16(POLLIN | POLLOUT), revents: Int16(events))
      lws_service_fd(context, &look)
    }
  }

  /// Has libwebsockets look at its timeouts now and then. Its plugin for libev sets one alarm for them, and leaves it
  /// where it is when an earlier one is wanted.
  func remindOfTimeouts(_ now: Instant) {
    guard let own, openConnections > 0 else { return }
    own.nudge(events.set)
    set(reminder, at: now.advanced(by: .milliseconds(250)))
  }

  /// Closes a connection, after what is under way and what still waits for its peer.
  func close(_ wsi: OpaquePointer, as reason: pending_timeout) {
    lws_set_timeout(wsi, reason, CInt(LWS_TO_KILL_ASYNC))
    // It looks at its timeouts behind its own events.
    own?.nudge(events.set)
  }

  /// Closes a connection, whatever waits for its peer.
  func abort(_ wsi: OpaquePointer) {
    if own == nil { return close(wsi, as: PENDING_TIMEOUT_USER_OK) }
    beforeSleep.abort(wsi)
  }
}
