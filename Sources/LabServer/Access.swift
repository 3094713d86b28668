import Glibc
import LWS

/// Who may use a server, and from which pages.
///
/// On the loopback interface it is the `Host` field that keeps strangers out: a page whose name was pointed at
/// this machine (DNS rebinding) still names itself there. On any other address it is the token.
public struct Access: Sendable {
  let origins: Set<Origin>
  private let token: AccessToken?
  /// Names that `Host` may hold beside the loopback interface's own; nil takes any.
  private let hosts: Set<String>?

  /// For a server on the loopback interface: no token, and pages of its own only.
  public init() {
    origins = []
    token = nil
    hosts = []
  }

  /// - Parameters:
  ///   - address: the IP address that the server listens on.
  ///   - token: what requests must carry, at least 16 printable characters of ASCII; nil asks for none.
  ///   - origins: whose pages may use the server beside its own, each `scheme://host[:port]`.
  ///   - hosts: names that the server has beside the loopback interface's.
  public init(listeningOn address: String, token: String?, origins: [String] = [], hosts: [String] = [])
    throws(AccessMistake)
  {
    var allowedOrigins: Set<Origin> = []
    for text in origins {
      guard let origin = Origin(text) else { throw .origin(text) }
      allowedOrigins.insert(origin)
    }
    var allowedHosts = Set(allowedOrigins.map(\.authority.host))
    for text in hosts {
      guard let host = Authority(text), text.lowercased() == host.host || text.lowercased() == host.host + "."
      else {
        throw .host(text)
      }
      allowedHosts.insert(host.host)
    }
    if let token {
      guard let token = AccessToken(token) else { throw .token }
      self.token = token
    } else {
      guard !Self.isReachedByOthers(address) else { throw .tokenMissing(address: address) }
      self.token = nil
    }
    self.origins = allowedOrigins
    self.hosts = Self.isReachedByOthers(address) ? nil : allowedHosts
  }

  var wantsToken: Bool { token != nil }

  /// Whether other machines may reach a server on that address, read as a server reads it: `0` and `10.1` are
  /// addresses too. What is none is never listened on.
  private static func isReachedByOthers(_ address: String) -> Bool {
    var hints = addrinfo()
    hints.ai_flags = CInt(AI_NUMERICHOST)
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address, nil, &hints, &list) == 0, let first = list?.pointee else { return false }
    defer { freeaddrinfo(list) }
    // The kind of address that the family says, as long as the length says.
    let bytes = UnsafeRawBufferPointer(start: first.ai_addr, count: Int(first.ai_addrlen))
    switch first.ai_family {
    case AF_INET:
      return !bytes.load(as: sockaddr_in.self).sin_addr.isLoopback
    case AF_INET6:
      return !bytes.load(as: sockaddr_in6.self).sin6_addr.isLoopback
    default:
      return true
    }
  }
}

extension Access {
  /// The response that keeps a request out, or nil to let it in.
  func refusal(of request: Request, to route: Route) -> Response? {
    refusal(ofHostIn: request) ?? refusal(ofOriginOf: request, to: route)
      ?? refusal(ofTokenIn: request, to: route)
  }

  /// RFC 9112, section 3.2, and RFC 9110, section 7.4.
  private func refusal(ofHostIn request: Request) -> Response? {
    guard let text = request.fields["host"] else {
      return request.version == "HTTP/1.0" ? nil : .hostMissing
    }
    guard let host = Authority(text) else { return .hostMissing }
    guard let hosts, !host.isLoopback, !hosts.contains(host.host) else { return nil }
    return .misdirected
  }

  /// A browser sends `Origin` with whatever one page asks of another's server and could read, and with every
  /// WebSocket handshake (RFC 6455, section 10.2). For an image or a link it says `Sec-Fetch-Site` alone.
  private func refusal(ofOriginOf request: Request, to route: Route) -> Response? {
    guard !route.isStatic else { return nil }
    guard let text = request.fields["origin"] else {
      let site = request.fields["sec-fetch-site"]
      return site == "cross-site" || site == "same-site" ? .foreignPage : nil
    }
    guard let origin = Origin(text) else { return .foreignPage }
    if origins.contains(origin) { return nil }
    let host = request.fields["host"].flatMap(Authority.init)
    return host.map(origin.isServed) ?? false ? nil : .foreignPage
  }

  private func refusal(ofTokenIn request: Request, to route: Route) -> Response? {
    guard let token, !route.isForEverybody, !isPreflight(request) else { return nil }
    return presentedTokens(in: request).contains(where: token.isSame) ? nil : .tokenWanted
  }

  /// `Authorization: Bearer T` (RFC 6750, section 2.1), and `?token=T` for EventSource and WebSocket, which
  /// cannot set fields.
  private func presentedTokens(in request: Request) -> [String] {
    var tokens = request.query.filter { $0.name == "token" }.map(\.value)
    if let credentials = request.fields["authorization"] {
      let scheme = credentials.prefix { $0 != " " }
      // Schemes are not case-sensitive (RFC 9110, section 11.1).
      if scheme.lowercased() == "bearer" {
        tokens.append(String(credentials[scheme.endIndex...].drop { $0 == " " }))
      }
    }
    return tokens
  }
}

extension Route {
  /// Files carry nothing of anybody's, and the page must load to ask for the token.
  fileprivate var isStatic: Bool {
    if case .file = self { true } else { false }
  }

  /// Whether it needs no access token: besides the page, what the page and whoever watches the server ask first.
  fileprivate var isForEverybody: Bool { isStatic || self == .health || self == .transports }
}

extension Response {
  fileprivate static let hostMissing = error(400, "a request names one host in its Host field")

  /// RFC 9110, section 15.5.20.
  fileprivate static let misdirected = error(
    421,
    "this server answers only to localhost and loopback addresses; serve --allow-host adds a name")

  fileprivate static let foreignPage = error(
    403, "pages of another origin may not use this server; serve --allow-origin permits an origin")

  /// RFC 9110, section 15.5.2; the parameter is what RFC 6750, section 3 wants beside the scheme.
  fileprivate static let tokenWanted = error(
    401, "this requires the server's access token: as 'Authorization: Bearer TOKEN', or as ?token=TOKEN",
    [("www-authenticate", #"Bearer realm="pushlab""#)])
}
