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

  private enum Stage {
    case readingRequest
    case answering
    /// The body's head was sent; pieces follow.
    case streaming
    /// Nothing more to say; what is buffered still leaves.
    case answered
    case ended
  }

  private var wsi: OpaquePointer
  private unowned let loop: Loop
  private let kind: Kind
  private let persistence: Persistence
  private var stage = Stage.readingRequest
  private var responder: (any Responder)?
  private var timer: Timer?
  private var tally: Tally?
  private var request: Request?
  private var message = MessageAssembly()

  private var awaitsWritable = false
  private var isWatched = false
  private var held = HeldSocket()
  private var deadline: Instant?
  private var isTurning = false
  private var wasWokenWhileTurning = false

  /// Turns in a row before others get theirs.
  private static let turnsInARow = 64

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
      wake()
      return 0
    }
  }

  func socketIsWritable() -> CInt {
    guard stage == .answering || stage == .streaming else { return 0 }
    guard awaitsWritable else { return held.calledWithoutAsking(wsi) ? 0 : -1 }
    awaitsWritable = false
    return report(takeTurns(isWritable: true))
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
  private enum Outcome {
    case goOn
    case completed
    case failed
  }

  /// For the way back into libwebsockets from one of its callbacks.
  private func report(_ outcome: Outcome) -> CInt {
    switch outcome {
    case .goOn: 0
    case .completed: lws_http_transaction_completed(wsi) == 0 && !persistence.closes ? 0 : -1
    case .failed: -1
    }
  }

  /// For a turn taken outside of libwebsockets' callbacks.
  private func carryOut(_ outcome: Outcome) {
    if report(outcome) != 0 { abort() }
  }

  private func takeTurns(isWritable: Bool) -> Outcome {
    isTurning = true
    defer { isTurning = false }
    for _ in 0..<Self.turnsInARow {
      wasWokenWhileTurning = false
      guard let turn = responder?.turn(at: .now) else { return .failed }
      switch turn {
      case .wait(let deadline):
        if wasWokenWhileTurning { continue }
        hold(until: deadline)
        return .goOn
      case .respond(let response):
        return respond(response)
      case .start(let head):
        guard start(head) else { return .failed }
        if isHeadRequest { return complete() }
      case .send(let frame):
        guard send(frame) else { return .failed }
      case .finish:
        return finish()
      case .close(let code, let reason):
        return closeWebSocket(code, reason, isWritable: isWritable, turn)
      }
      if lws_partial_buffered(wsi) != 0 {
        awaitWritable(alreadyAsked: true)
        return .goOn
      }
    }
    awaitWritable(alreadyAsked: false)
    return .goOn
  }

  private func respond(_ response: Response) -> Outcome {
    var response = response
    if persistence.closes { response.head.fields.append(("connection", "close")) }
    let before = response.body.count
    guard HeadWriter(wsi: wsi, date: loop.httpDate()).write(response, isHead: isHeadRequest) else {
      return .failed
    }
    tally?.bytesSent += before
    return complete()
  }

  private func start(_ head: ResponseHead) -> Bool {
    stage = .streaming
    if isWebSocket { return true }
    var head = head
    if persistence.takesChunks { head.fields.append(("transfer-encoding", "chunked")) }
    if persistence.closes { head.fields.append(("connection", "close")) }
    guard HeadWriter(wsi: wsi, date: loop.httpDate()).write(head) else { return false }
    lws_http_headers_detach(wsi)
    return true
  }

  private func send(_ frame: Frame) -> Bool {
    let (bytes, kind): (UnsafeMutableBufferPointer<UInt8>, lws_write_protocol) =
      switch frame.kind {
      case .body: (persistence.takesChunks ? frame.chunk : frame.payload, LWS_WRITE_HTTP)
      case .text: (frame.payload, LWS_WRITE_TEXT)
      case .binary: (frame.payload, LWS_WRITE_BINARY)
      }
    tally?.bytesSent += bytes.count
    return lws_write(wsi, bytes.baseAddress, bytes.count, kind) >= bytes.count
  }

  /// The last chunk (RFC 9112, section 7.1); on HTTP/1.0 the connection's end says it.
  private func finish() -> Outcome {
    if persistence.takesChunks {
      let lastChunk = Array("0\r\n\r\n".utf8)
      let written = withUnsafeTemporaryAllocation(
        of: UInt8.self, capacity: Int(clws_pre) + lastChunk.count
      ) { buffer in
        let bytes = UnsafeMutableBufferPointer(rebasing: buffer[Int(clws_pre)...])
        _ = bytes.update(fromContentsOf: lastChunk)
        return lws_write(wsi, bytes.baseAddress, lastChunk.count, LWS_WRITE_HTTP_FINAL)
      }
      guard written >= lastChunk.count else { return .failed }
      tally?.bytesSent += lastChunk.count
    }
    return complete()
  }

  private func complete() -> Outcome {
    stage = .answered
    letGo()
    return .completed
  }

  /// The close frame can only be sent on the way out of a callback of libwebsockets.
  private func closeWebSocket(
    _ code: UInt16, _ reason: String, isWritable: Bool, _ turn: Turn
  ) -> Outcome {
    stage = .answered
    if isWritable {
      _ = close(lws_close_status(rawValue: UInt32(code)), reason)
      return .failed
    }
    stage = .streaming
    responder = Closing(turn: turn)
    awaitWritable(alreadyAsked: false)
    return .goOn
  }

  private func close(_ code: lws_close_status, _ reason: String) -> CInt {
    var bytes = Array(reason.utf8.prefix(123))
    lws_close_reason(wsi, code, &bytes, bytes.count)
    stage = .answered
    return -1
  }
}

extension Session {
  private var isWebSocket: Bool {
    if case .webSocket = kind { true } else { false }
  }

  private var isHeadRequest: Bool {
    if case .exchange(.head) = kind { true } else { false }
  }

  private func awaitWritable(alreadyAsked: Bool) {
    awaitsWritable = true
    held.release(wsi)
    if !alreadyAsked { lws_callback_on_writable(wsi) }
  }

  /// Nothing to write for now: watch for the reader's departure, and set the deadline.
  private func hold(until deadline: Instant?) {
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

  private func letGo() {
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

/// Repeats a closing turn in the callback in which it can be carried out.
private struct Closing: Responder {
  let turn: Turn

  mutating func turn(at now: Instant) -> Turn { turn }
}
