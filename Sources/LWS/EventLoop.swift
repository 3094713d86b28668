import CLibwebsockets

/// The event library that libwebsockets waits with.
public enum EventLoop: String, CaseIterable, Sendable {
  /// Built in: one `poll(2)` over all sockets.
  case poll
  /// The plugin `libwebsockets-evlib-uv`.
  case libuv
  /// The plugin `libwebsockets-evlib-ev`.
  case libev

  /// Waits in epoll, so that a wake-up costs the same with ten connections and ten thousand.
  public static let standard = libev

  var contextOption: UInt64 {
    switch self {
    case .poll: 0
    case .libuv: UInt64(LWS_SERVER_OPTION_LIBUV)
    case .libev: UInt64(LWS_SERVER_OPTION_LIBEV)
    }
  }
}

/// The version of libwebsockets that is linked.
public var version: String {
  String(cString: lws_get_library_version()).split(separator: "-").first.map(String.init) ?? ""
}

/// Why a server could not be started, with what to do about it.
public enum ServerError: Error, Equatable, CustomStringConvertible {
  case portTaken(host: String, port: Int)
  case portForbidden(port: Int)
  case hostUnknown(String)
  case contextRefused(EventLoop, detail: String)

  public var description: String {
    switch self {
    case .portTaken(let host, let port):
      "port \(port) on \(host) is taken: choose another with --port, or 0 for any free one"
    case .portForbidden(let port):
      "port \(port) may not be opened by this user: choose one above 1023 with --port"
    case .hostUnknown(let host):
      "'\(host)' is not an address of this machine: give an IP address with --host, such as 127.0.0.1"
    case .contextRefused(let loop, let detail):
      "libwebsockets did not start with the event loop \(loop.rawValue)\(detail.isEmpty ? "" : " (\(detail))"): "
        + "try --event-loop poll, or install libwebsockets-evlib-uv and libwebsockets-evlib-ev"
    }
  }
}
