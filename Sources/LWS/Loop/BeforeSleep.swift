import CLibwebsockets
import Glibc
import MessageCompression
import MonotonicTime

/// What is done before the loop sleeps: outside of libwebsockets' callbacks, in which it must lose no connection but
/// the one that it is busy with.
final class BeforeSleep {
  /// To be closed as if their peers had hung up: at once, whatever waits for them.
  private var aborted: [OpaquePointer] = []
  /// Sockets to be given to libwebsockets with their handshakes.
  private var opened: [ArrivingWebSocket] = []

  func abort(_ wsi: OpaquePointer) { aborted.append(wsi) }
  func open(_ socket: ArrivingWebSocket) { opened.append(socket) }

  // Not inlined: whoever calls these calls libwebsockets next, which comes back here. Within one function, the
  // optimizer was seen to keep the access to the list open meanwhile, which is a trap.
  @inline(never)
  fileprivate func nextAborted() -> OpaquePointer? { aborted.popLast() }
  @inline(never)
  fileprivate func nextOpened() -> ArrivingWebSocket? { opened.popLast() }

  /// Nobody will open them any more.
  func dropOpened() {
    while let socket = nextOpened() { close(socket.descriptor) }
  }

  /// It is gone. Connections are here for one turn of the loop at most, and seldom end in it.
  func remove(_ wsi: OpaquePointer) {
    aborted.removeAll { $0 == wsi }
  }
}

/// A connection on its way from HTTP to WebSocket.
struct ArrivingWebSocket {
  let descriptor: CInt
  /// Its place among the peers.
  let slot: Peers.Slot
  let request: Request
  let key: String
  /// What the client offers, and then what it was granted of it.
  var compression: CompressionTerms?
  /// What the client has sent behind its handshake.
  let behind: [UInt8]
}

extension Loop {
  func sayBeforeSleep() {
    // What is opened may be aborted at once, and the other way round.
    while true {
      if let wsi = beforeSleep.nextAborted() {
        hangUp(wsi)
      } else if let socket = beforeSleep.nextOpened() {
        open(socket)
      } else {
        return
      }
    }
  }

  private func hangUp(_ wsi: OpaquePointer) {
    var look = pollfd(
      fd: CInt(lws_get_socket_fd(wsi)), events: Int16(POLLIN | POLLOUT), revents: Int16(POLLHUP))
    lws_service_fd(context?.handle, &look)
  }

  private func open(_ socket: ArrivingWebSocket) {
    var socket = socket
    if compressedWebSockets >= limits.compressedWebSockets { socket.compression = nil }
    arriving = socket
    let handshake = Handshake.canonical(key: socket.key, socket.compression)
    context?.adopt(webSocket: socket.descriptor, reading: handshake + socket.behind)
    // Taken by `webSocketOpened`, where it succeeded; else libwebsockets has closed it.
    if arriving != nil { peers.leave(socket.slot) } else { tune(socket.descriptor) }
    arriving = nil
    if !webSockets.isEmpty, !reminder.isSet { remindOfTimeouts(now) }
  }

  /// Has libwebsockets look at its WebSockets' timeouts now and then. Its plugin for libev sets one alarm for them,
  /// and leaves it where it is when an earlier one is wanted.
  func remindOfTimeouts(_ now: Instant) {
    guard !webSockets.isEmpty else { return }
    context?.nudge(eventLoop)
    set(reminder, at: now.advanced(by: .milliseconds(250)))
  }

  /// Closes a WebSocket, after what is under way and what still waits for its peer.
  func closeWebSocket(_ wsi: OpaquePointer) {
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_KEEPALIVE_IDLE, CInt(LWS_TO_KILL_ASYNC))
    // It looks at its timeouts behind its own events.
    context?.nudge(eventLoop)
  }
}
