import CLibev
import CLibwebsockets
import Foundation

/// libwebsockets' context, with the memory that it points to, which lives as long.
final class Context {
  let handle: OpaquePointer
  /// The one that all connections belong to.
  let vhost: OpaquePointer
  private let memory: ContextMemory
  var compression: CompressionExtension { memory.compression }
  /// A descriptor that libwebsockets waits for and that is never ready.
  private let quiet = eventfd(0, CInt(EFD_CLOEXEC))

  /// - Parameters:
  ///   - name: what libwebsockets calls the protocol.
  ///   - loop: is told what happens, and outlives this.
  init(_ name: String, for loop: Loop, on eventLoop: EventLoop) throws(ServerError) {
    let memory = ContextMemory(name)
    self.memory = memory
    let created = LibraryLog.recording {
      memory.withInfo(for: loop, on: eventLoop) { lws_create_context($0) }
    }
    guard let handle = created.value, let vhost = lws_get_vhost_by_name(handle, "default") else {
      if let handle = created.value { lws_context_destroy(handle) }
      close(quiet)
      throw .contextRefused(detail: created.lastLine)
    }
    self.handle = handle
    self.vhost = vhost
    var descriptor = lws_sock_file_fd_type()
    descriptor.filefd = quiet
    _ = lws_adopt_descriptor_vhost(vhost, LWS_ADOPT_RAW_FILE_DESC, descriptor, memory.name, nil)
  }

  /// Closes every connection; each session hears of it before this returns. To be called once, at the end.
  func destroy() {
    lws_context_destroy(handle)
  }

  /// Lets libwebsockets look after its timeouts and what it has buffered, as it does after any event of its own.
  func nudge(_ eventLoop: EventLoop) {
    clev_act_as_if_readable(eventLoop.handle, quiet)
  }

  /// - Returns: nil where libwebsockets could not take it; it has closed it then.
  func adopt(rawSocket descriptor: CInt, opaque: UnsafeMutableRawPointer) -> OpaquePointer? {
    var info = lws_adopt_desc_t()
    info.vh = vhost
    info.type = LWS_ADOPT_SOCKET
    info.fd.sockfd = descriptor
    info.vh_prot_name = UnsafePointer(memory.protocols[0].name)
    info.opaque = opaque
    return lws_adopt_descriptor_vhost_via_info(&info)
  }

  /// Has libwebsockets read a handshake, and what follows it, as if it came from the socket, before this returns.
  func adopt(webSocket descriptor: CInt, reading bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes {
      lws_adopt_socket_vhost_readbuf(
        vhost, descriptor, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
  }
}

/// What a context keeps pointers to.
private final class ContextMemory {
  let protocols = UnsafeMutablePointer<lws_protocols>.allocate(capacity: 2)
  let name: UnsafeMutablePointer<CChar>
  let compression = CompressionExtension()
  private let noPolicy = UnsafeMutablePointer<lws_retry_bo_t>.allocate(capacity: 1)

  init(_ text: String) {
    // No room for a few bytes is no state to go on in.
    name = strdup(text)!
    protocols.initialize(repeating: lws_protocols(), count: 2)
    protocols[0].name = UnsafePointer(name)
    protocols[0].callback = libwebsocketsDidCall
    protocols[0].per_session_data_size = MemoryLayout<SessionSlot.Pointee>.size
    // Each WebSocket holds a buffer of this size as long as it lives. A larger message comes in pieces.
    protocols[0].rx_buffer_size = 1_024
    // Larger than the default, so that a whole answer leaves in one write.
    protocols[0].tx_packet_size = 1 << 20
    // A policy of zeros: sessions look after silent WebSockets themselves.
    noPolicy.initialize(to: lws_retry_bo_t())
  }

  deinit {
    protocols.deallocate()
    noPolicy.deallocate()
    free(name)
  }

  func withInfo<R>(
    for loop: Loop, on eventLoop: EventLoop, _ body: (UnsafePointer<lws_context_creation_info>) -> R
  ) -> R {
    var info = lws_context_creation_info()
    // Connections come through the door.
    info.port = CInt(CONTEXT_PORT_NO_LISTEN)
    info.protocols = UnsafePointer(protocols)
    info.user = Unmanaged.passUnretained(loop).toOpaque()
    info.retry_and_idle_policy = UnsafePointer(noPolicy)
    info.options = UInt64(LWS_SERVER_OPTION_LIBEV)
    info.extensions = UnsafePointer(compression.extensions)
    // Read while the context is made, and not kept.
    var handle: UnsafeMutableRawPointer? = UnsafeMutableRawPointer(eventLoop.handle)
    return withUnsafeMutablePointer(to: &handle) { handles in
      info.foreign_loops = handles
      return withUnsafePointer(to: info, body)
    }
  }
}

/// What libwebsockets logs. Peers provoke most of it, so it is kept only where it explains something: a context that
/// would not start.
private enum LibraryLog {
  private static let key = "libwebsockets' last line"

  static func recording<R>(_ body: () -> R) -> (value: R, lastLine: String) {
    Thread.current.threadDictionary[key] = nil
    lws_set_log_level(CInt(LLL_ERR) | CInt(LLL_WARN)) { _, text in
      guard let text else { return }
      Thread.current.threadDictionary[LibraryLog.key] = String(cString: text).filter { !$0.isNewline }
    }
    let value = body()
    lws_set_log_level(0, nil)
    return (value, Thread.current.threadDictionary[key] as? String ?? "")
  }
}
