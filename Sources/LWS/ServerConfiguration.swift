import CLibwebsockets
import Foundation
import Synchronization

/// Where a server listens, and how.
public struct ServerConfiguration: Sendable {
  /// An IP address of this machine.
  public var host: String
  /// 0 lets the kernel choose a free port.
  public var port: Int
  public var eventLoop: EventLoop
  public var limits: ConnectionLimits

  public init(
    host: String = "127.0.0.1", port: Int = 0, eventLoop: EventLoop = .standard,
    limits: ConnectionLimits = ConnectionLimits()
  ) {
    self.host = host
    self.port = port
    self.eventLoop = eventLoop
    self.limits = limits
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
    // Each WebSocket holds a buffer of this size as long as it lives. A larger message comes in pieces.
    protocols[0].rx_buffer_size = 1_024
    // Larger than the default so that a poll page leaves in one write.
    protocols[0].tx_packet_size = 1 << 20

    var info = lws_context_creation_info()
    // Connections come through the door.
    info.port = CInt(CONTEXT_PORT_NO_LISTEN)
    info.protocols = UnsafePointer(protocols)
    info.user = Unmanaged.passUnretained(loop).toOpaque()
    // It keeps a few bytes beside each field, and what is too large must come to the limit of ours first.
    let headBytes = min(65_535, limits.headBytes + 16 * limits.headFields)
    info.max_http_header_data = UInt16(headBytes)
    info.max_http_header_data2 = UInt32(headBytes)
    info.keepalive_timeout = CInt(limits.idleTime.components.seconds)
    info.timeout_secs_ah_idle = UInt32(limits.requestTime.components.seconds + 1)
    info.timeout_secs = UInt32(limits.requestTime.components.seconds + 1)
    // A policy of zeros: sessions look after silent WebSockets themselves.
    let noPolicy = UnsafeMutablePointer<lws_retry_bo_t>.allocate(capacity: 1)
    noPolicy.initialize(to: lws_retry_bo_t())
    info.retry_and_idle_policy = UnsafePointer(noPolicy)
    info.options = eventLoop.contextOption | UInt64(LWS_SERVER_OPTION_VALIDATE_UTF8)
    guard let own = loop.own else { return withUnsafePointer(to: info, body) }
    // Read while the context is made, and not kept.
    var handle: UnsafeMutableRawPointer? = UnsafeMutableRawPointer(own.handle)
    return withUnsafeMutablePointer(to: &handle) { handles in
      info.foreign_loops = handles
      return withUnsafePointer(to: info, body)
    }
  }
}

/// What libwebsockets logs. Peers provoke most of it, so it is kept for the moments when it explains something:
/// a context that would not start, a head that it would not take.
enum LibraryLog {
  private static let key = "libwebsockets' last line"
  /// Lines written on any thread, so that who asks after every request need not look where there is nothing.
  static let lineCount = Atomic(0)

  /// The last line that it wrote on this thread.
  static var lastLine: String { Thread.current.threadDictionary[key] as? String ?? "" }

  /// What this thread was last told about a head, once.
  static func takeHeadProblem() -> RequestProblem? {
    let line = lastLine
    Thread.current.threadDictionary[key] = nil
    if line.hasPrefix("Ran out of header data") { return .headTooLarge }
    if line.hasPrefix("More hdr frags") { return .tooManyFields }
    return line.hasPrefix("Duplicated method") ? .malformed : nil
  }

  static func install() {
    lws_set_log_level(CInt(LLL_ERR) | CInt(LLL_WARN)) { _, text in
      guard let text else { return }
      LibraryLog.lineCount.add(1, ordering: .releasing)
      Thread.current.threadDictionary[LibraryLog.key] = String(cString: text).filter { !$0.isNewline }
    }
  }
}
