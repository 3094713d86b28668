import CLibwebsockets

/// What has come of a WebSocket's peer, and whether more is read.
struct SessionReceipt {
  fileprivate var message = MessageAssembly()
  fileprivate var isReadingPaused = false
}

/// What a WebSocket's peer says.
extension Session {
  func received(fragment bytes: UnsafeRawBufferPointer) {
    guard stage == .answering || stage == .streaming else { return }
    waits.heard(at: loop.now)
    tally?.bytesReceived += bytes.count
    switch receipt.message.append(
      bytes, wsi, limit: loop.service?.messageLimit ?? 0, frameLimit: loop.limits.frameBytes,
      of: loop.pending, inflating: compression)
    {
    case .incomplete:
      return
    case .malformed(let words):
      close(1_002, words)
    case .notText:
      close(1_007, "a text message that is not UTF-8")
    case .tooLarge:
      close(1_009, "message too large")
    case .noRoom:
      close(1_013, "the server has no room for more messages; try again in 1 s")
    case .whole(let message):
      guard responder != nil else { return }
      // What it does may wake this very session; the turn comes once it is done.
      isTurning = true
      responder?.received(message)
      isTurning = false
      pauseReading()
    }
  }

  /// - Parameter isCompressed: it says so, which no control frame may (RFC 7692, section 6.1). Of a ping nothing tells us.
  func receivedPong(isCompressed: Bool) {
    waits.heard(at: loop.now)
    if isCompressed { close(1_002, "a pong that says it is compressed") }
  }

  /// The peer has sent its close frame: libwebsockets answers that, and nothing is said behind it (RFC 6455,
  /// section 5.5.1).
  func peerCloses() {
    stage = .answered
    cancelDue()
  }

  /// Nothing more is read until the socket has taken what this message leads to. So a peer that sends and never
  /// reads costs one message, what it sends next cannot end the connection before its answer has left, and the
  /// answer does not overtake the pong that libwebsockets keeps for its writable callback.
  private func pauseReading() {
    receipt.isReadingPaused = true
    lws_rx_flow_control(wsi, 0)
    if !awaitsWritable { awaitWritable(alreadyAsked: false) }
  }

  func resumeReading() {
    guard receipt.isReadingPaused, lws_partial_buffered(wsi) == 0 else { return }
    receipt.isReadingPaused = false
    lws_rx_flow_control(wsi, 1)
  }
}
