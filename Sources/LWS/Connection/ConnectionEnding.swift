import CLibwebsockets
import Glibc
import MessageCompression
import MonotonicTime

/// Time limits, the way into libwebsockets, and the end.
extension Connection {
  /// The peer has closed both ways, or is gone.
  func didHangUp() {
    loop.readClock()
    close()
  }

  func socketIsWritable() {
    session?.socketIsWritable()
  }

  func setDeadline(_ time: Duration) {
    let instant = loop.now.advanced(by: time)
    deadline = instant
    setAlarm(at: instant)
  }

  /// Goes on waiting for the reader of a session that is over.
  func lookAfter(_ reader: SlowReader) {
    if case .closed = stage { return }
    slowReader = reader
    setAlarm(at: reader.nextLook)
  }

  private func setAlarm(at instant: Instant) {
    guard alarm.map({ instant < $0 }) ?? true else { return }
    alarm = instant
    loop.set(self, at: instant)
  }

  func comeDue(at now: Instant) {
    alarm = nil
    guard slowReader.isWaitedFor(at: now, on: descriptor, isAllWritten: true, by: loop) else {
      return close()
    }
    if let nextLook = slowReader?.nextLook { setAlarm(at: nextLook) }
    guard let deadline else { return }
    guard deadline <= now else { return setAlarm(at: deadline) }
    self.deadline = nil
    switch stage {
    case .head where hasSpoken: refuse(.requestTimeout, unread: unread)
    case .body(let reading): refuse(.requestTimeout, of: reading.request)
    // One that says nothing is closed without a word (RFC 9112, section 9.5).
    case .head, .lingering: close()
    case .answering, .closed: break
    }
  }

  func linger() {
    if hasEnded { return close() }
    isToldLastWord = true
    loop.toldLastWord += 1
    shutdown(descriptor, CInt(SHUT_WR))
    stage = .lingering(bytesLeft: LastWord.bytes)
    setDeadline(LastWord.time)
    watch()
  }

  /// Has libwebsockets take the socket, for its writing.
  /// - Returns: whether it has it.
  func adopt() -> Bool {
    if wsi != nil { return true }
    if case .closed = stage { return false }
    wsi = loop.context?.adopt(rawSocket: descriptor, opaque: Unmanaged.passUnretained(self).toOpaque())
    guard let wsi else {
      // libwebsockets closes what it cannot adopt.
      leave()
      return false
    }
    loop.tune(descriptor)
    // Reading is ours; its time limits are too.
    lws_rx_flow_control(wsi, 0)
    lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0)
    return true
  }

  /// The socket is a WebSocket's from now on, which libwebsockets reads.
  func becomeWebSocket(
    _ request: Request, _ key: String, _ offered: CompressionTerms?, _ behind: Slice<UnsafeRawBufferPointer>
  ) {
    guard let slot else { return }
    // A copy would be found there under this one's number.
    loop.hangUps.remove(descriptor)
    // Where libwebsockets knows it as a bare socket already, it cannot become another kind; but a copy can.
    let socket = wsi == nil ? descriptor : fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard socket >= 0 else { return close() }
    self.slot = nil
    loop.beforeSleep.open(
      ArrivingWebSocket(
        descriptor: socket, slot: slot, request: request, key: key, compression: offered,
        behind: Array(behind)))
    if wsi == nil { leave() } else { close() }
  }

  /// Ends it without ceremony. The session hears of it before the loop sleeps.
  func close() {
    if case .closed = stage { return }
    stage = .closed
    stopWatching()
    session?.willAbort()
    guard let wsi else {
      Glibc.close(descriptor)
      return leave()
    }
    loop.beforeSleep.abort(wsi)
  }

  func endBeforeAdoption() {
    if wsi == nil { close() }
  }

  /// libwebsockets is about to close the descriptor.
  func didClose() {
    stopWatching()
    session?.end()
    session = nil
    leave()
  }

  func leave() {
    stage = .closed
    stopWatching()
    loop.cancel(self)
    if let slot { loop.peers.leave(slot) }
    slot = nil
    if isToldLastWord { loop.toldLastWord -= 1 }
    isToldLastWord = false
    loop.connections[Int(descriptor)] = nil
  }
}

extension Loop {
  /// Sets what libwebsockets, which sends small writes at once, has no word for. Where that fails the peer is gone.
  func tune(_ descriptor: CInt) {
    guard limits.delaysSmallWrites else { return }
    var isOff: CInt = 0
    setsockopt(
      descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &isOff, socklen_t(MemoryLayout.size(ofValue: isOff)))
  }
}
