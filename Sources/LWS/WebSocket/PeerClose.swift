/// Whether a close frame is in order that a WebSocket's peer has sent (RFC 6455, sections 5.5.1 and 7.4).
enum PeerClose {
  /// - Parameters:
  ///   - payload: a code of two bytes and a reason, or nothing.
  ///   - isCompressed: it says so, which no control frame may (RFC 7692, section 6.1).
  /// - Returns: the code to answer it with where it is not; nil where its own is sent back.
  static func refusal(of payload: UnsafeRawBufferPointer, isCompressed: Bool) -> UInt16? {
    if isCompressed { return 1_002 }
    if payload.isEmpty { return nil }
    guard payload.count > 1, isCode(UInt16(payload[0]) << 8 | UInt16(payload[1])) else { return 1_002 }
    return TextCheck.isText(payload.dropFirst(2)) ? nil : 1_007
  }

  /// Whether it may be sent: what RFC 6455 defines, and what is left to libraries and applications. libwebsockets has put
  /// 1002 in the place of 1012 to 1014, which were registered since, before anybody is told.
  private static func isCode(_ code: UInt16) -> Bool {
    switch code {
    case 1000...1003, 1007...1011, 3000...4999: true
    default: false
    }
  }
}
