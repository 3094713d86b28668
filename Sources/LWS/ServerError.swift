import CLibwebsockets

/// The version of libwebsockets that is linked.
public var version: String {
  String(cString: lws_get_library_version()).split(separator: "-").first.map(String.init) ?? ""
}

/// Why a server could not be started, with what to do about it.
public enum ServerError: Error, Equatable, CustomStringConvertible {
  case portTaken(host: String, port: Int)
  case portForbidden(port: Int)
  case hostUnknown(String)
  case contextRefused(detail: String)
  case tooFewDescriptors(Int)

  public var description: String {
    switch self {
    case .portTaken(let host, let port):
      "port \(port) on \(host) is taken: choose another with --port, or 0 for any free one"
    case .portForbidden(let port):
      "port \(port) may not be opened by this user: choose one above 1023 with --port"
    case .hostUnknown(let host):
      "'\(host)' is not an address of this machine: give an IP address with --host, such as 127.0.0.1"
    case .tooFewDescriptors(let count):
      "\(count) open files are too few for a server: allow more, such as with 'ulimit -n 4096'"
    case .contextRefused(let detail):
      "libwebsockets did not start on libev\(detail.isEmpty ? "" : " (\(detail))"): install libwebsockets-evlib-ev"
    }
  }
}
