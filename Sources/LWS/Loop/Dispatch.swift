import CLibwebsockets

/// libwebsockets' per-session memory: one pointer, which retains a WebSocket's session while it is set.
typealias SessionSlot = UnsafeMutablePointer<UnsafeMutableRawPointer?>

/// The one function libwebsockets calls. It must not inherit an actor: it runs on the loop's thread.
///
/// Whoever is told of an event may lose what kept it in the midst of that: a session that the slot retains, a
/// connection that the loop keeps. `told` holds it until the call is over.
nonisolated func libwebsocketsDidCall(
  wsi: OpaquePointer?, reason: lws_callback_reasons, user: UnsafeMutableRawPointer?,
  input: UnsafeMutableRawPointer?, length: Int
) -> CInt {
  guard let wsi, let context = lws_get_context(wsi), let owner = lws_context_user(context) else { return 0 }
  // The loop outlives its context.
  let loop = Unmanaged<Loop>.fromOpaque(owner).takeUnretainedValue()
  loop.readClock()
  let slot = user?.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
  switch reason {
  case LWS_CALLBACK_RAW_WRITEABLE:
    told(connection(wsi)) { $0.socketIsWritable() }
  case LWS_CALLBACK_RAW_CLOSE:
    told(connection(wsi)) { $0.didClose() }
  case LWS_CALLBACK_ESTABLISHED:
    return loop.webSocketOpened(wsi, slot)
  case LWS_CALLBACK_RECEIVE:
    told(session(in: slot)) { $0.received(fragment: UnsafeRawBufferPointer(start: input, count: length)) }
  case LWS_CALLBACK_RECEIVE_PONG:
    told(session(in: slot)) { $0.receivedPong(isCompressed: lws_get_reserved_bits(wsi) != 0) }
  case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
    let payload = UnsafeRawBufferPointer(start: input, count: length)
    told(session(in: slot)) { $0.peerCloses() }
    let isCompressed = lws_get_reserved_bits(wsi) != 0
    guard let code = PeerClose.refusal(of: payload, isCompressed: isCompressed) else { return 0 }
    // libwebsockets sends this code as its last word, instead of the one that came.
    lws_close_reason(wsi, lws_close_status(rawValue: UInt32(code)), nil, 0)
    return -1
  case LWS_CALLBACK_SERVER_WRITEABLE:
    told(session(in: slot)) { $0.socketIsWritable() }
  case LWS_CALLBACK_CLOSED:
    if let slot, let opaque = slot.pointee {
      slot.pointee = nil
      let session = Unmanaged<Session>.fromOpaque(opaque)
      told(session) { $0.end() }
      session.release()
    }
  case LWS_CALLBACK_WSI_DESTROY:
    loop.beforeSleep.remove(wsi)
  default:
    break
  }
  return 0
}

/// Keeps the object until the call is over.
private func told<Object: AnyObject>(_ object: Unmanaged<Object>?, _ call: (Object) -> Void) {
  guard let object = object?.retain() else { return }
  call(object.takeUnretainedValue())
  object.release()
}

private func session(in slot: SessionSlot?) -> Unmanaged<Session>? {
  slot?.pointee.map { Unmanaged<Session>.fromOpaque($0) }
}

/// The loop keeps it until libwebsockets has closed its descriptor, which ends these calls.
private func connection(_ wsi: OpaquePointer) -> Unmanaged<Connection>? {
  lws_get_opaque_user_data(wsi).map { Unmanaged<Connection>.fromOpaque($0) }
}

extension Loop {
  fileprivate func webSocketOpened(_ wsi: OpaquePointer, _ slot: SessionSlot?) -> CInt {
    guard let slot, let service, let arrived = arriving else { return -1 }
    arriving = nil
    let session = Session(webSocket: wsi, self, arrived.slot, arrived.compression)
    webSockets[ObjectIdentifier(session)] = session
    // Released where libwebsockets says that it is closed, above.
    slot.pointee = Unmanaged.passRetained(session).toOpaque()
    session.answer(service.webSocketResponder(for: arrived.request, session: session))
    return 0
  }
}
