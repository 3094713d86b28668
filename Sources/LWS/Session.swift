import CLibwebsockets
import MonotonicTime

/// One HTTP exchange, or one WebSocket, from its first byte to its last.
///
/// It asks its responder for turns and carries them out. A piece that falls due is written at once, outside
/// of libwebsockets' writable callback, as long as the socket took the last one whole; otherwise the callback
/// says when to go on.
public final class Session: Wakeable {
  enum Kind {
    case exchange(Request.Method)
    case webSocket
  }

  enum Stage {
    case readingRequest
    case answering
    /// The body's head was sent; pieces follow.
    case streaming
    /// Nothing more to say; what is buffered still leaves.
    case answered
    case ended
  }

  var wsi: OpaquePointer
  unowned let loop: Loop
  private let kind: Kind
  let persistence: Persistence
  var stage = Stage.readingRequest
  var responder: (any Responder)?
  private var timer: Timer?
  var tally: Tally?
  private var request: Request?
  private var message = MessageAssembly()

  var awaitsWritable = false
  private var isReadingPaused = false
  private var isWatched = false
  private var held = HeldSocket()
  private var deadline: Instant?
  var isTurning = false
  var wasWokenWhileTurning = false

  /// Turns in a row before others get theirs.
  static let turnsInARow = 64

  init(wsi: OpaquePointer, loop: Loop, kind: Kind) {
    self.wsi = wsi
    self.loop = loop
    self.kind = kind
    persistence = readPersistence(wsi)
  }

  /// Counts this session's traffic, from now on, into a tally that others may share.
  public func count(in tally: Tally) {
    self.tally?.open -= 1
    self.tally = tally
    tally.open += 1
    tally.opened += 1
  }

  /// Gives the responder a turn, at once where the socket can take something.
  public func wake() {
    guard stage == .answering || stage == .streaming else { return }
    if isTurning {
      wasWokenWhileTurning = true
    } else if !awaitsWritable {
      carryOut(takeTurns(isWritable: false))
    }
  }

  /// Ends the connection without ceremony.
  public func abort() {
    lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, CInt(LWS_TO_KILL_ASYNC))
  }
}

extension Session {
  func answer(_ responder: any Responder) -> CInt {
    self.responder = responder
    stage = .answering
    lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0)
    return report(takeTurns(isWritable: false))
  }

  func expectBody(of request: Request, size: Int) {
    self.request = request
    self.request?.body.reserveCapacity(size)
  }

  func received(body bytes: UnsafeRawBufferPointer) {
    request?.body.append(contentsOf: bytes)
    tally?.bytesReceived += bytes.count
  }

  func bodyArrived() -> CInt {
    guard stage == .readingRequest, let request, let service = loop.service else { return 0 }
    self.request = nil
    return answer(service.responder(for: request, session: self))
  }

  func received(fragment bytes: UnsafeRawBufferPointer) -> CInt {
    tally?.bytesReceived += bytes.count
    // What follows a close frame is discarded (RFC 6455, section 1.4), which libwebsockets leaves to us.
    guard stage != .answered else { return 0 }
    switch message.append(bytes, wsi, limit: loop.service?.messageLimit ?? 0) {
    case .incomplete:
      return 0
    case .tooLarge:
      return close(LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "message too large")
    case .whole(let message):
      guard responder != nil else { return 0 }
      // What it does may wake this very session; the turn comes once it is done.
      isTurning = true
      responder?.received(message)
      isTurning = false
      pauseReading()
      return 0
    }
  }

  /// The peer's close frame came; libwebsockets answers it, and nothing is sent after that (RFC 6455, section
  /// 5.5.1).
  func peerBeganToClose() {
    stage = .answered
  }

  /// Nothing more is read until the socket has taken what this message leads to. So a peer that sends and never
  /// reads costs one message, what it sends next cannot end the connection before its answer has left, and the
  /// answer does not overtake the pong that libwebsockets keeps for its writable callback.
  private func pauseReading() {
    isReadingPaused = true
    lws_rx_flow_control(wsi, 0)
    if !awaitsWritable { awaitWritable(alreadyAsked: false) }
  }

  private func resumeReading() {
    guard isReadingPaused, lws_partial_buffered(wsi) == 0 else { return }
    isReadingPaused = false
    lws_rx_flow_control(wsi, 1)
  }

  func socketIsWritable() -> CInt {
    guard stage == .answering || stage == .streaming else { return 0 }
    guard awaitsWritable else { return held.calledWithoutAsking(wsi) ? 0 : -1 }
    awaitsWritable = false
    let outcome = takeTurns(isWritable: true)
    resumeReading()
    return report(outcome)
  }

  func peerDeparted() {
    abort()
  }

  func end() {
    unwatch()
    if let timer { loop.cancel(timer) }
    timer = nil
    stage = .ended
    responder = nil
    tally?.open -= 1
    tally = nil
  }
}

extension Session {
  var isWebSocket: Bool {
    if case .webSocket = kind { true } else { false }
  }

  var isHeadRequest: Bool {
    if case .exchange(.head) = kind { true } else { false }
  }

  func awaitWritable(alreadyAsked: Bool) {
    awaitsWritable = true
    held.release(wsi)
    if !alreadyAsked { lws_callback_on_writable(wsi) }
  }

  /// Nothing to write for now: watch for the reader's departure, and set the deadline.
  func hold(until deadline: Instant?) {
    self.deadline = deadline
    if !isWebSocket {
      held.hold(wsi, now: loop.now)
      if !isWatched {
        isWatched = true
        lws_http_headers_detach(wsi)
        loop.hold(self, descriptor: CInt(lws_get_socket_fd(wsi)))
      }
    }
    setTimer()
  }

  private func setTimer() {
    guard let next = [held.next, deadline].compactMap(\.self).min() else { return }
    let timer = timer ?? Timer { [unowned self] now in timerRang(now) }
    self.timer = timer
    loop.set(timer, at: next)
  }

  private func timerRang(_ now: Instant) {
    held.timerRang(wsi, now: now)
    if let deadline, deadline <= now { wake() }
    if stage == .answering || stage == .streaming { setTimer() }
  }

  func letGo() {
    unwatch()
    held.release(wsi)
    if let timer { loop.cancel(timer) }
  }

  private func unwatch() {
    guard isWatched else { return }
    isWatched = false
    loop.release(descriptor: CInt(lws_get_socket_fd(wsi)))
  }
}
