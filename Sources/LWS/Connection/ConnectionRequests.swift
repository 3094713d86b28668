/// Reading heads and bodies, and having them answered one after the other.
extension Connection {
  /// - Returns: how many of the bytes behind the head are done with.
  func take(head bytes: UnsafeRawBufferPointer, behind: Slice<UnsafeRawBufferPointer>) -> Int {
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
    if case .webSocket(let key, let offered) = head.handshake {
      if let refusal = service.refusal(ofWebSocket: head.request) {
        // What the client sends next may already speak the protocol that it hoped for.
        answer(head.request.method, .last) { _, _ in Answer(refusal) }
      } else {
        becomeWebSocket(head.request, key, offered, behind)
      }
      return behind.count
    }
    switch head.body {
    case .none, .length(0):
      answer(head.request, head.persistence)
    case .length(let count) where count > service.bodyLimit:
      refuse(.bodyTooLarge, of: head.request)
    case .length(let count):
      expectBody(of: head, count, from: service, hasCome: !behind.isEmpty)
    }
    return 0
  }

  private func expectBody(of head: RequestHead, _ count: Int, from service: any Service, hasCome: Bool) {
    let isAwaited = head.awaitsContinue && !hasCome
    // Whether the client sends the body all the same is not known, so nothing is read behind it.
    if isAwaited, let refusal = service.refusal(ofHead: head.request) {
      return answer(head.request.method, .last) { _, _ in Answer(refusal) }
    }
    guard let reservation = loop.pending.reserve(0) else { return refuse(.tooMuchPending, of: head.request) }
    stage = .body(BodyReading(head.request, head.persistence, count: count, reservation))
    hear()
    if isAwaited, adopt() { Interim.continue.write(to: wsi) }
  }

  func answer(_ request: Request, _ persistence: Persistence) {
    answer(request.method, persistence) { session, service in
      service.responder(for: request, session: session)
    }
  }

  /// Answers with a last word, while the peer may still be sending.
  func refuse(_ problem: RequestProblem, of request: Request) {
    answer(request.method, .last) { _, service in Answer(service.response(to: problem, of: request)) }
  }

  /// The same for a head that cannot be read, or has not come whole; also then `HEAD` is answered without a body
  /// (RFC 9110, section 9.3.2).
  func refuse(_ problem: RequestProblem, unread bytes: some Sequence<UInt8>) {
    let method: Request.Method = bytes.starts(with: "HEAD ".utf8) ? .head : .get
    answer(method, .last) { _, service in Answer(service.response(to: problem, of: nil)) }
  }

  func answer(
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
  func settle() {
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
  func hear() {
    if hasSpoken { return }
    hasSpoken = true
    setDeadline(loop.limits.requestTime)
  }
}
