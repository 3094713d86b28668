import Foundation
import Wire

/// The URL of a stream, taken apart.
public struct TapTarget: Hashable, Sendable {
  public let host: String
  public let port: Int
  /// With its query.
  public let path: String
  public let isEncrypted: Bool
  public let isWebSocket: Bool

  /// - Throws: `TapError.url`.
  public init(_ url: String) throws(TapError) {
    let encoded = Self.encoded(url)
    guard let parts = URLComponents(string: encoded, encodingInvalidCharacters: false),
      let scheme = parts.scheme?.lowercased(),
      let host = parts.encodedHost, !host.isEmpty, ["http", "https", "ws", "wss"].contains(scheme),
      (1...65_535).contains(parts.port ?? 80)
    else { throw .url(url) }
    guard parts.user == nil else { throw .credentials }
    isEncrypted = scheme == "https" || scheme == "wss"
    isWebSocket = scheme.hasPrefix("ws")
    self.host = host
    port = parts.port ?? (isEncrypted ? 443 : 80)
    let path = parts.percentEncodedPath
    self.path = (path.isEmpty ? "/" : path) + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
  }

  /// What is typed may have blanks and letters that a URL has not, and brackets and percent signs where it has none; what
  /// is encoded already stays as it is.
  private static func encoded(_ url: String) -> String {
    let authority = url.firstRange(of: "://")?.upperBound ?? url.startIndex
    let place = url[authority...].firstIndex { "/?#".contains($0) } ?? url.endIndex
    let rest = String(url[place...]).replacing(/%(?![0-9A-Fa-f]{2})/, with: "%25")
    return url[..<place] + (rest.addingPercentEncoding(withAllowedCharacters: typed) ?? rest)
  }

  private static let typed = CharacterSet.urlQueryAllowed.union(CharacterSet(charactersIn: "#%"))

  /// What to look up and connect to.
  var address: ServerAddress {
    ServerAddress(host: host, port: port, trust: isEncrypted ? .system : nil)
  }

  /// The value of `Host`, without the scheme's own port (RFC 9110, section 7.2).
  var hostField: String {
    let isOwn = port == (isEncrypted ? 443 : 80)
    let field = address.hostField
    return isOwn ? String(field.dropLast(String(port).count + 1)) : field
  }
}

/// Why nothing could be tapped.
public enum TapError: Error, Equatable, CustomStringConvertible {
  case url(String)
  case header(String)
  /// In the URL.
  case credentials
  /// What the network, or TLS, says.
  case unreachable(String)
  /// Something that is no HTTP, or no WebSocket, in words that go on after "the server sent".
  case malformed(String)
  /// What was polled never ends.
  case isStream

  public var description: String {
    switch self {
    case .url(let url):
      "'\(url)' is no URL of a stream: give one such as http://localhost:8080/chat-stream?prompt=Hello"
    case .credentials:
      "a URL with a name and a password is shown and kept in too many places: leave them out, and give --header 'Authorization: Basic …'"
    case .header(let text): "--header takes 'Name: value', not '\(text)'"
    case .unreachable(let words): words
    case .malformed(let words): "the server sent \(words)"
    case .isStream: "the answer is an event stream, which is asked for once: leave --every out"
    }
  }
}
