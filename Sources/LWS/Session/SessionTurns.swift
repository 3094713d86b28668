import CLibwebsockets
import MonotonicTime

/// Carrying out what the responder answers with, one write a turn.
extension Session {
  enum Outcome {
    case goOn
    case completed
    case failed
  }

  func carryOut(_ outcome: Outcome) {
    if case .goOn = outcome { return }
    // The end lets go of this session, and whoever woke it may not hold it.
    let held = Unmanaged.passRetained(self)
    defer { held.release() }
    switch outcome {
    case .goOn: break
    // Part of the answer may still wait for the reader.
    case .completed where lws_partial_buffered(wsi) != 0: awaitWritable(alreadyAsked: true)
    case .completed: connection?.didAnswer()
    case .failed: abort()
    }
  }

  func takeTurns() -> Outcome {
    isTurning = true
    defer { isTurning = false }
    for _ in 0..<Self.turnsInARow {
      wasWokenWhileTurning = false
      guard let turn = responder?.turn(at: loop.now) else { return .failed }
      // A turn may have ended the connection.
      guard stage == .answering || stage == .streaming else { return .goOn }
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
        close(code, reason)
        return .goOn
      }
      if lws_partial_buffered(wsi) != 0 {
        awaitWritable(alreadyAsked: true)
        return .goOn
      }
    }
    awaitWritable(alreadyAsked: false)
    return .goOn
  }

  private func respond(_ wanted: Response) -> Outcome {
    let response = fitting(wanted)
    let bytes = ResponseBytes(
      response, date: loop.httpDate(), extra: connectionFields, isHead: isHeadRequest)
    guard bytes.write({ write($0) }) else { return .failed }
    tally?.bytesSent += response.body.count
    return complete()
  }

  /// The response, or the refusal of one that there is no room for.
  private func fitting(_ response: Response) -> Response {
    guard response.body.count > Self.unsentBytes, let service = loop.service else { return response }
    reservation = loop.pending.reserve(response.body.count)
    return reservation == nil ? service.response(to: .tooMuchPending, of: nil) : response
  }

  private var connectionFields: [ResponseBytes.Field] {
    if persistence.closes { return [ResponseBytes.close] }
    return persistence.saysKeepAlive ? [ResponseBytes.keepAlive] : []
  }

  private func start(_ head: ResponseHead) -> Bool {
    stage = .streaming
    if isWebSocket { return true }
    if !persistence.takesChunks { endsWithConnection() }
    let framing = persistence.takesChunks ? [ResponseBytes.chunked] : []
    return ResponseBytes(head, date: loop.httpDate(), extra: framing + connectionFields).write { write($0) }
  }

  func send(_ frame: Frame) -> Bool {
    guard let compression else { return sendAsItIs(frame) }
    let messages = frame.messages.map(compression.compressed)
    return sendAsItIs(messages.count == 1 ? messages[0] : Frame(joining: messages))
  }

  private func sendAsItIs(_ frame: Frame) -> Bool {
    let isBare = frame.kind == .body && !persistence.takesChunks
    return frame.withBytes(framed: !isBare) { bytes in
      tally?.bytesSent += bytes.count
      return write(bytes)
    }
  }

  /// On a WebSocket too: what is written as HTTP leaves as it stands, and a frame has its header.
  private func write(_ bytes: UnsafeMutableBufferPointer<UInt8>) -> Bool {
    tap?(UnsafeRawBufferPointer(bytes))
    return lws_write(wsi, bytes.baseAddress, bytes.count, LWS_WRITE_HTTP) >= bytes.count
  }

  /// The last chunk (RFC 9112, section 7.1); on HTTP/1.0 the connection's end says it.
  private func finish() -> Outcome {
    guard persistence.takesChunks else { return complete() }
    var lastChunk = Array("0\r\n\r\n".utf8)
    guard lastChunk.withUnsafeMutableBufferPointer({ write($0) }) else { return .failed }
    tally?.bytesSent += lastChunk.count
    return complete()
  }

  private func complete() -> Outcome {
    stage = .answered
    cancelDue()
    return .completed
  }

  /// The server ends: a WebSocket is told so (RFC 6455, section 7.4.1), as far as nothing else waits for its peer.
  func goAway() {
    guard stage == .answering || stage == .streaming, lws_partial_buffered(wsi) == 0 else { return }
    stage = .answered
    _ = send(Frame(.close, [0x03, 0xe9]))
  }

  /// Begins the closing handshake of a WebSocket; nothing is said after it.
  func close(_ code: UInt16, _ reason: String) {
    // At the end of a character: a reason is UTF-8 (RFC 6455, section 5.5.1).
    var reason = reason[...]
    while reason.utf8.count > 123 { reason.removeLast() }
    var bytes = Array(reason.utf8)
    lws_close_reason(wsi, lws_close_status(rawValue: UInt32(code)), &bytes, bytes.count)
    stage = .answered
    cancelDue()
    loop.closeWebSocket(wsi)
  }
}
