import CLibwebsockets
import Glibc
import Synchronization

/// Where a server listens, and how.
public struct ServerConfiguration: Sendable {
  /// An IP address of this machine.
  public var host: String
  /// 0 lets the kernel choose a free port.
  public var port: Int
  public var eventLoop: EventLoop
  /// Bytes of request line and header fields that a request may have in all, at most 65,535.
  public var headLimit = 16_384

  public init(host: String = "127.0.0.1", port: Int = 0, eventLoop: EventLoop = .poll) {
    self.host = host
    self.port = port
    self.eventLoop = eventLoop
  }

  /// Tries the address with a socket of our own: libwebsockets only says that it failed, not why.
  func checkAddress() throws(ServerError) {
    var hints = addrinfo()
    hints.ai_flags = CInt(AI_NUMERICHOST)
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &list) == 0, let address = list?.pointee else {
      throw .hostUnknown(host)
    }
    defer { freeaddrinfo(list) }
    let descriptor = socket(address.ai_family, address.ai_socktype | CInt(SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var on: CInt = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<CInt>.size))
    guard bind(descriptor, address.ai_addr, address.ai_addrlen) != 0 else { return }
    switch errno {
    case EACCES: throw .portForbidden(port: port)
    case EADDRINUSE: throw .portTaken(host: host, port: port)
    default: throw .hostUnknown(host)
    }
  }

  /// Builds what `lws_create_context` reads. The strings and the table live as long as the process: the
  /// context keeps pointers to them until it is destroyed.
  func withContextInfo<R>(user loop: Loop, _ body: (UnsafePointer<lws_context_creation_info>) -> R) -> R {
    LibraryLog.install()
    let protocols = UnsafeMutablePointer<lws_protocols>.allocate(capacity: 2)
    protocols.initialize(repeating: lws_protocols(), count: 2)
    protocols[0].name = UnsafePointer(strdup("lab"))
    protocols[0].callback = libwebsocketsDidCall
    protocols[0].per_session_data_size = MemoryLayout<SessionSlot.Pointee>.size
    // Larger than the default so that a poll page leaves in one write.
    protocols[0].rx_buffer_size = 4_096
    protocols[0].tx_packet_size = 1 << 20

    var info = lws_context_creation_info()
    info.port = CInt(port)
    info.iface = host == "0.0.0.0" || host == "::" ? nil : UnsafePointer(strdup(host))
    info.protocols = UnsafePointer(protocols)
    info.user = Unmanaged.passUnretained(loop).toOpaque()
    info.max_http_header_data = UInt16(clamping: headLimit)
    info.max_http_header_data2 = UInt32(headLimit)
    info.keepalive_timeout = 60
    info.options =
      eventLoop.contextOption | UInt64(LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND)
      | UInt64(LWS_SERVER_OPTION_VALIDATE_UTF8)
    if !host.contains(":") { info.options |= UInt64(LWS_SERVER_OPTION_DISABLE_IPV6) }
    return withUnsafePointer(to: info, body)
  }
}

/// What libwebsockets logs. Peers provoke most of it, so it is kept for the one moment when it explains
/// something: a context that would not start.
enum LibraryLog {
  private static let line = Mutex("")

  static var lastLine: String { line.withLock { $0 } }

  static func install() {
    lws_set_log_level(CInt(LLL_ERR) | CInt(LLL_WARN)) { _, text in
      guard let text else { return }
      let words = String(cString: text)
      LibraryLog.line.withLock { $0 = words.filter { !$0.isNewline } }
    }
  }
}
