import CLibwebsockets

/// A word before the answer (RFC 9110, section 15.2).
enum Interim {
  case `continue`

  /// As long as nothing else waits for the peer.
  func write(to wsi: OpaquePointer?) {
    guard let wsi, lws_partial_buffered(wsi) == 0 else { return }
    var bytes = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
    lws_write(wsi, &bytes, bytes.count, LWS_WRITE_HTTP)
  }
}
