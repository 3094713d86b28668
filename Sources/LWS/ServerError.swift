import CLibwebsockets

/// The version of libwebsockets that is linked.
public var version: String {
  String(cString: lws_get_library_version()).split(separator: "-").first.map(String.init) ?? ""
}

/// Why a server could not be started. How that is to be changed is for whoever took its configuration from somewhere to say.
public enum ServerError: Error, Equatable, CustomStringConvertible {
  case portTaken(host: String, port: Int)
  case portForbidden(port: Int)
  case hostUnknown(String)
  case contextRefused(detail: String)
  case tooFewDescriptors(Int)

  public var description: String {
    switch self {
    case .portTaken(let host, let port):
      "port \(port) on \(host) is taken"
    case .portForbidden(let port):
      "port \(port) may not be opened by this user"
    case .hostUnknown(let host):
      "'\(host)' is not an address of this machine"
    case .tooFewDescriptors(let count):
      "\(count) open files are too few for a server"
    case .contextRefused(let detail):
      "libwebsockets did not start on libev\(detail.isEmpty ? "" : " (\(detail))")"
    }
  }
}
