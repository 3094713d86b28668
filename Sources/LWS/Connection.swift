import CLibwebsockets
import Glibc
import MonotonicTime

/// A connection that speaks HTTP/1: reads requests, one after the other, and has each answered by a session.
///
/// What comes behind a request waits until the answer has left, and is then served in its turn (RFC 9112, section
/// 9.3.2): in the kernel, but for what came in one read with it. A request that is refused is the last; the answer
/// says so, the sending side is closed behind it, and what still comes is dropped until the peer has had time to
/// read it (section 9.6).
///
/// It reads the socket itself. libwebsockets, which writes, knows it as a bare socket from its first request on: until
/// then it costs a descriptor and a few hundred bytes, however slowly it speaks.
final class Connection: DescriptorWatch, DueAction {
  enum Stage {
    /// A head is to come, or the rest of one.
    case head
    /// A request's body is to come.
    case body(BodyReading)
    /// A session answers.
    case answering
    /// All is said.
    case lingering(bytesLeft: Int)
    /// It is closed, or about to be.
    case closed
  }

  /// The loop keeps each connection until its descriptor is closed.
  unowned let loop: Loop
  var stage = Stage.head
  var duePlace = DuePlace.nowhere
  /// Its place among the peers; nil once a WebSocket has taken it over.
  private var slot: Peers.Slot?
  /// libwebsockets' name for it.
  private var wsi: OpaquePointer?
  /// What has come and waits for its turn.
  private var unread: [UInt8] = []
  private var scan = HeadScan()
  private var session: Session?
  /// The peer will send no more.
  private var hasEnded = false
  /// Something of the next request has come.
  private var hasSpoken = false
  private var isServing = false
  private var isToldLastWord = false
  /// When the stage must be over.
  private var deadline: Instant?
  /// What is set in the loop. It is not moved with every request, which would cost more than to look in vain.
  private var alarm: Instant?

  init(_ descriptor: CInt, _ slot: Peers.Slot, _ loop: Loop) {
    self.slot = slot
    self.loop = loop
    super.init(descriptor, on: loop.eventLoop)
  }

  /// Reads what is there already, and waits for more.
  func begin() {
    setDeadline(loop.limits.idleTime)
    watch()
    descriptorIsReady()
  }

  override func descriptorIsReady() {
    loop.readClock()
    switch stage {
    case .head, .body, .answering: read()
    case .lingering(var left):
      guard LastWord.drop(from: descriptor, left: &left, into: loop.readBuffer) else { return close() }
      stage = .lingering(bytesLeft: left)
    case .closed: stopWatching()
    }
  }

  private func read() {
    let count = recv(descriptor, loop.readBuffer.baseAddress, loop.readBuffer.count, CInt(MSG_DONTWAIT))
    switch count {
    case 1...:
      take(UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count]))
    case 0:
      hasEnded = true
      session?.peerEndedSending()
    case _ where errno == EAGAIN || errno == EINTR:
      return
    default:
      return close()
    }
    settle()
  }

  private func take(_ bytes: UnsafeRawBufferPointer) {
    if unread.isEmpty {
      let used = serve(bytes)
      if used < bytes.count { unread.append(contentsOf: bytes[used...]) }
    } else {
      unread.append(contentsOf: bytes)
      serveUnread()
    }
  }

  private func serveUnread() {
    let used = unread.withUnsafeBytes(serve)
    if used == unread.count { unread = [] } else { unread.removeFirst(used) }
  }

  /// - Returns: how many of the bytes are done with.
  private func serve(_ bytes: UnsafeRawBufferPointer) -> Int {
    isServing = true
    defer { isServing = false }
    var used = 0
    while used < bytes.count {
      let taken = takeNext(UnsafeRawBufferPointer(rebasing: bytes[used...]))
      guard taken > 0 else { break }
      used += taken
    }
    return used
  }

  /// - Returns: how many of the bytes are done with; 0 where more must come, or others have their turn.
  private func takeNext(_ bytes: UnsafeRawBufferPointer) -> Int {
    switch stage {
    case .head:
      switch scan.look(at: bytes, loop.limits) {
      case .incomplete:
        return 0
      case .emptyLine(let count):
        scan = HeadScan()
        return count
      case .whole(let count):
        scan = HeadScan()
        return count + take(head: UnsafeRawBufferPointer(rebasing: bytes[..<count]), behind: bytes[count...])
      case .refused(let problem):
        refuse(problem, unread: bytes)
        return bytes.count
      }
    case .body(let reading):
      guard let count = reading.take(bytes) else {
        refuse(.tooMuchPending, of: reading.request)
        return bytes.count
      }
      if reading.isWhole { answer(reading.request, reading.persistence) }
      return count
    case .answering:
      return 0
    case .lingering, .closed:
      return bytes.count
    }
  }
}

extension Connection {
  /// - Returns: how many of the bytes behind the head are done with.
  private func take(head bytes: UnsafeRawBufferPointer, behind: Slice<UnsafeRawBufferPointer>) -> Int {
    let head: RequestHead
    do throws(RequestProblem) {
      head = try RequestHead(bytes, names: loop.serviceFieldNames)
    } catch {
      refuse(error, unread: bytes)
      return behind.count
    }
    guard let service = loop.service, let slot else { return behind.count }
    if let problem = loop.peers.takesRequest(from: slot, now: loop.now) ? head.problem : .tooManyRequests {
      refuse(problem, of: head.request)
      return behind.count
    }
    if case .webSocket(let key) = head.handshake {
      if let refusal = service.refusal(ofWebSocket: head.request) {
        // What the client sends next may already speak the protocol that it hoped for.
        answer(head.request.method, .last) { _, _ in Answer(refusal) }
      } else {
        becomeWebSocket(head.request, key, behind)
      }
      return behind.count
    }
    switch head.body {
    case .none, .length(0):
      answer(head.request, head.persistence)
    case .length(let count) where count > service.bodyLimit:
      refuse(.bodyTooLarge, of: head.request)
    case .length(let count):
      expectBody(of: head, count, hasCome: !behind.isEmpty)
    }
    return 0
  }

  private func expectBody(of head: RequestHead, _ count: Int, hasCome: Bool) {
    guard let reservation = loop.pending.reserve(0) else { return refuse(.tooMuchPending, of: head.request) }
    stage = .body(BodyReading(head.request, head.persistence, count: count, reservation))
    hear()
    if head.awaitsContinue, !hasCome, adopt() { Interim.continue.write(to: wsi) }
  }

  private func answer(_ request: Request, _ persistence: Persistence) {
    answer(request.method, persistence) { session, service in
      service.responder(for: request, session: session)
    }
  }

  /// Answers with a last word, while the peer may still be sending.
  private func refuse(_ problem: RequestProblem, of request: Request) {
    answer(request.method, .last) { _, service in Answer(service.response(to: problem, of: request)) }
  }

  /// The same for a head that cannot be read, or has not come whole; also then `HEAD` is answered without a body
  /// (RFC 9110, section 9.3.2).
  private func refuse(_ problem: RequestProblem, unread bytes: some Sequence<UInt8>) {
    let method: Request.Method = bytes.starts(with: "HEAD ".utf8) ? .head : .get
    answer(method, .last) { _, service in Answer(service.response(to: problem, of: nil)) }
  }

  private func answer(
    _ method: Request.Method, _ persistence: Persistence, _ responder: (Session, any Service) -> any Responder
  ) {
    guard adopt(), let wsi, let service = loop.service else { return close() }
    stage = .answering
    deadline = nil
    let session = Session(wsi, self, method, persistence)
    self.session = session
    session.answer(responder(session, service))
  }

  /// The session's answer has left.
  func didAnswer() {
    guard let session else { return }
    self.session = nil
    session.end()
    guard case .answering = stage else { return }
    if session.persistence.closes { return linger() }
    stage = .head
    hasSpoken = false
    setDeadline(loop.limits.idleTime)
    // Where the loop below us goes on, it looks after the rest.
    guard !isServing else { return }
    if !unread.isEmpty { serveUnread() }
    settle()
  }

  /// After something was read or answered: says how long the rest may take, and whether to wait for it.
  private func settle() {
    switch stage {
    case .head where hasEnded:
      if unread.isEmpty { close() } else { refuse(.malformed, unread: unread) }
    case .body(let reading) where hasEnded:
      refuse(.malformed, of: reading.request)
    case .head where !unread.isEmpty: hear()
    default: break
    }
    if case .closed = stage { return }
    let waitsForTurn = if case .answering = stage { !unread.isEmpty } else { false }
    guard hasEnded || waitsForTurn else { return watch() }
    stopWatching()
    loop.hangUps.add(descriptor)
  }

  /// Something of a request has come, and all of it must in time.
  private func hear() {
    if hasSpoken { return }
    hasSpoken = true
    setDeadline(loop.limits.requestTime)
  }
}

extension Connection {
  /// The peer has closed both ways, or is gone.
  func didHangUp() {
    loop.readClock()
    close()
  }

  func socketIsWritable() {
    session?.socketIsWritable()
  }

  private func setDeadline(_ time: Duration) {
    let instant = loop.now.advanced(by: time)
    deadline = instant
    if alarm.map({ instant < $0 }) ?? true {
      alarm = instant
      loop.set(self, at: instant)
    }
  }

  func comeDue(at now: Instant) {
    alarm = nil
    guard let deadline else { return }
    guard deadline <= now else {
      alarm = deadline
      return loop.set(self, at: deadline)
    }
    switch stage {
    case .head where hasSpoken: refuse(.requestTimeout, unread: unread)
    case .body(let reading): refuse(.requestTimeout, of: reading.request)
    // One that says nothing is closed without a word (RFC 9112, section 9.5).
    case .head, .lingering: close()
    case .answering, .closed: break
    }
  }

  private func linger() {
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
  private func adopt() -> Bool {
    if wsi != nil { return true }
    if case .closed = stage { return false }
    wsi = loop.context?.adopt(rawSocket: descriptor, opaque: Unmanaged.passUnretained(self).toOpaque())
    guard let wsi else {
      // libwebsockets closes what it cannot adopt.
      leave()
      return false
    }
    // Reading is ours; its time limits are too.
    lws_rx_flow_control(wsi, 0)
    lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0)
    return true
  }

  /// The socket is a WebSocket's from now on, which libwebsockets reads.
  private func becomeWebSocket(_ request: Request, _ key: String, _ behind: Slice<UnsafeRawBufferPointer>) {
    guard let slot else { return }
    // A copy would be found there under this one's number.
    loop.hangUps.remove(descriptor)
    // Where libwebsockets knows it as a bare socket already, it cannot become another kind; but a copy can.
    let socket = wsi == nil ? descriptor : fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard socket >= 0 else { return close() }
    self.slot = nil
    loop.beforeSleep.open(
      ArrivingWebSocket(
        descriptor: socket, slot: slot, request: request, bytes: Handshake.canonical(key: key) + behind))
    if wsi == nil { leave() } else { close() }
  }

  /// Ends it without ceremony. The session hears of it before the loop sleeps.
  func close() {
    if case .closed = stage { return }
    stage = .closed
    stopWatching()
    session?.letGo()
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

  private func leave() {
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
