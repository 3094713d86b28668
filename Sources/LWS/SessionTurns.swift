import CLibwebsockets
import MonotonicTime

/// Carrying out what the responder answers with, one write a turn.
extension Session {
  enum Outcome {
    case goOn
    case completed
    case failed
  }

  /// For the way back into libwebsockets from one of its callbacks.
  func report(_ outcome: Outcome) -> CInt {
    switch outcome {
    case .goOn: 0
    case .completed: completeTransaction()
    case .failed: -1
    }
  }

  private func completeTransaction() -> CInt {
    guard lws_http_transaction_completed(wsi) == 0, !persistence.closes else { return -1 }
    if lws_partial_buffered(wsi) == 0 {
      loop.didFallSilent(wsi)
      if loop.own != nil { loop.beforeSleep.didAnswer(wsi) }
    }
    return 0
  }

  /// For a turn taken outside of libwebsockets' callbacks.
  func carryOut(_ outcome: Outcome) {
    if case .goOn = outcome { return }
    // The transaction's end lets go of this session, and whoever woke it may not hold it.
    let held = Unmanaged.passRetained(self)
    defer { held.release() }
    if report(outcome) != 0 { loop.close(wsi, as: PENDING_TIMEOUT_USER_OK) }
  }

  func takeTurns() -> Outcome {
    isTurning = true
    defer { isTurning = false }
    for _ in 0..<Self.turnsInARow {
      wasWokenWhileTurning = false
      guard let turn = responder?.turn(at: loop.now) else { return .failed }
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

  private func respond(_ response: Response) -> Outcome {
    var response = response
    if persistence.closes { response.head.fields.append(("connection", "close")) }
    let before = response.body.count
    guard HeadWriter(wsi: wsi, date: loop.httpDate(), tap: tap).write(response, isHead: isHeadRequest) else {
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
    guard HeadWriter(wsi: wsi, date: loop.httpDate(), tap: tap).write(head) else { return false }
    lws_http_headers_detach(wsi)
    return true
  }

  func send(_ frame: Frame) -> Bool {
    let isBare = frame.kind == .body && !persistence.takesChunks
    let bytes = isBare ? frame.payload : frame.framed
    tally?.bytesSent += bytes.count
    tap?(UnsafeRawBufferPointer(bytes))
    // On a WebSocket too: what is written as HTTP leaves as it stands, and the frame has its header.
    return lws_write(wsi, bytes.baseAddress, bytes.count, LWS_WRITE_HTTP) >= bytes.count
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
        tap?(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<lastChunk.count]))
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
    // Part of it may still wait for the reader.
    if lws_partial_buffered(wsi) != 0 { wait(upTo: loop.limits.stallTime) }
    return .completed
  }

  /// Begins the closing handshake of a WebSocket; nothing is said after it.
  ///
  /// libwebsockets sends the close frame when it next looks at its timeouts. Asked for on the way out of a
  /// callback it does not always: Debian's build tests itself under libuv by closing twice, and the second time is
  /// without a word.
  func close(_ code: UInt16, _ reason: String) {
    var bytes = Array(reason.utf8.prefix(123))
    lws_close_reason(wsi, lws_close_status(rawValue: UInt32(code)), &bytes, bytes.count)
    stage = .answered
    letGo()
    loop.close(wsi, as: PENDING_TIMEOUT_HTTP_KEEPALIVE_IDLE)
  }
}
