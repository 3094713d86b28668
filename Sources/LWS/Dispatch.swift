import CLibwebsockets

/// libwebsockets' per-session memory: one pointer, which retains the session while it is set.
typealias SessionSlot = UnsafeMutablePointer<UnsafeMutableRawPointer?>

/// The one function libwebsockets calls. It must not inherit an actor: it runs on the loop's thread.
nonisolated func libwebsocketsDidCall(
  wsi: OpaquePointer?, reason: lws_callback_reasons, user: UnsafeMutableRawPointer?,
  input: UnsafeMutableRawPointer?, length: Int
) -> CInt {
  guard let wsi, let context = lws_get_context(wsi), let owner = lws_context_user(context) else { return 0 }
  let loop = Unmanaged<Loop>.fromOpaque(owner).takeUnretainedValue()
  let slot = user?.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
  loop.readClock()
  switch reason {
  case LWS_CALLBACK_RAW_RX_FILE:
    loop.takeEvents()
    return 0
  case LWS_CALLBACK_WSI_DESTROY:
    loop.didSpeak(wsi)
    loop.beforeSleep.remove(wsi)
    if let slot = peerSlot(wsi) { loop.peers.leave(slot) }
    return 0
  case LWS_CALLBACK_HTTP:
    loop.didSpeak(wsi)
    return loop.requestArrived(wsi, slot)
  case LWS_CALLBACK_HTTP_BODY:
    session(in: slot)?.received(body: UnsafeRawBufferPointer(start: input, count: length))
    return 0
  case LWS_CALLBACK_HTTP_BODY_COMPLETION:
    return session(in: slot)?.bodyArrived() ?? 0
  case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
    loop.didSpeak(wsi)
    return loop.upgradeRequested(
      wsi, to: input.map { String(cString: $0.assumingMemoryBound(to: CChar.self)) })
  case LWS_CALLBACK_ESTABLISHED:
    return loop.webSocketOpened(wsi, slot)
  case LWS_CALLBACK_RECEIVE:
    return session(in: slot)?.received(fragment: UnsafeRawBufferPointer(start: input, count: length)) ?? 0
  case LWS_CALLBACK_RECEIVE_PONG:
    session(in: slot)?.receivedPong()
    return 0
  case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
    session(in: slot)?.peerCloses()
    return 0
  case LWS_CALLBACK_HTTP_WRITEABLE, LWS_CALLBACK_SERVER_WRITEABLE:
    return session(in: slot)?.socketIsWritable() ?? 0
  case LWS_CALLBACK_HTTP_DROP_PROTOCOL, LWS_CALLBACK_CLOSED_HTTP, LWS_CALLBACK_CLOSED:
    if let slot, slot.pointee == nil { loop.headFailed(wsi) }
    removeSession(from: slot)
    return 0
  default:
    return 0
  }
}

/// Retain and release stand together here: a slot that is set holds one reference.
private func place(_ session: Session, in slot: SessionSlot) {
  removeSession(from: slot)
  slot.pointee = Unmanaged.passRetained(session).toOpaque()
}

private func removeSession(from slot: SessionSlot?) {
  guard let slot, let opaque = slot.pointee else { return }
  slot.pointee = nil
  Unmanaged<Session>.fromOpaque(opaque).takeRetainedValue().end()
}

private func session(in slot: SessionSlot?) -> Session? {
  slot?.pointee.map { Unmanaged<Session>.fromOpaque($0).takeUnretainedValue() }
}

/// Where libwebsockets keeps the connection's place among the peers, one higher, since none is nil.
func peerSlot(_ wsi: OpaquePointer) -> Peers.Slot? {
  lws_get_opaque_user_data(wsi).map { Int(bitPattern: $0) - 1 }
}

extension Loop {
  /// Between two requests: libwebsockets may be closing the connection because of a head that it cannot take,
  /// and then this is the last moment to say so.
  fileprivate func headFailed(_ wsi: OpaquePointer) {
    let lines = LibraryLog.lineCount.load(ordering: .acquiring)
    guard lines != linesSeen else { return }
    linesSeen = lines
    guard let problem = LibraryLog.takeHeadProblem(), let service else { return }
    let descriptor = CInt(lws_get_socket_fd(wsi))
    say(service.response(to: problem, of: nil), on: descriptor)
    linger(behind: descriptor)
  }

  private func takesRequest(_ wsi: OpaquePointer) -> Bool {
    peerSlot(wsi).map { peers.takesRequest(from: $0, now: now) } ?? true
  }

  fileprivate func requestArrived(_ wsi: OpaquePointer, _ slot: SessionSlot?) -> CInt {
    guard let slot, let service else { return -1 }
    let session = Session(wsi: wsi, loop: self, kind: .exchange(readMethod(wsi) ?? .get))
    place(session, in: slot)
    let request = readRequest(wsi, fields: serviceFieldNames)
    guard takesRequest(wsi) else { return session.refuse(.tooManyRequests, of: request) }
    guard namesItsHost(wsi), let request else { return session.refuse(.malformed, of: nil) }
    switch readBodyExpectation(wsi, limit: service.bodyLimit) {
    case .none:
      return session.answer(service.responder(for: request, session: session))
    case .some(.success(let size)):
      session.expectBody(of: request, size: size)
      return 0
    case .some(.failure(let refusal)):
      return session.refuse(refusal.problem, of: request)
    }
  }

  fileprivate func upgradeRequested(_ wsi: OpaquePointer, to name: String?) -> CInt {
    guard let service, var refusal = refusal(ofUpgradeTo: name, wsi, service) else { return 0 }
    // What the client sends next may already speak the protocol it hoped for.
    refusal.head.fields.append(("connection", "close"))
    return HeadWriter(wsi: wsi, date: httpDate()).write(refusal, isHead: false) ? 1 : -1
  }

  private func refusal(ofUpgradeTo name: String?, _ wsi: OpaquePointer, _ service: any Service) -> Response? {
    let request = readRequest(wsi, fields: serviceFieldNames)
    guard takesRequest(wsi) else { return service.response(to: .tooManyRequests, of: request) }
    guard namesItsHost(wsi), let request else { return service.response(to: .malformed, of: nil) }
    guard name?.lowercased() == "websocket" else { return service.response(to: .unknownUpgrade, of: request) }
    if let problem = readHandshakeProblem(wsi) { return service.response(to: problem, of: request) }
    return service.refusal(ofWebSocket: request)
  }

  fileprivate func webSocketOpened(_ wsi: OpaquePointer, _ slot: SessionSlot?) -> CInt {
    guard let slot, let service, let request = readRequest(wsi, fields: serviceFieldNames) else { return -1 }
    let session = Session(wsi: wsi, loop: self, kind: .webSocket)
    place(session, in: slot)
    return session.answer(service.webSocketResponder(for: request, session: session))
  }
}
