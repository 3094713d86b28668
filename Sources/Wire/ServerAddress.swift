/// Whose word is taken for who a server is.
public enum Trust: Hashable, Sendable {
  /// Those that the system trusts.
  case system
  /// The certificates in a file, and nobody else.
  case authority(file: String)
}

/// Where a server listens.
public struct ServerAddress: Hashable, Sendable {
  /// A name, or an address; one of IPv6 with or without the brackets that it has in a URL.
  public var host: String
  public var port: Int
  /// What it wants to be shown with every request (RFC 6750, section 2.1); nil where it wants nothing.
  public var token: String?
  /// Who may say that it is the one meant, over TLS; nil speaks in the clear.
  public var trust: Trust?

  public init(host: String, port: Int, token: String? = nil, trust: Trust? = nil) {
    self.host = host
    self.port = port
    self.token = token
    self.trust = trust
  }

  /// Of its URLs.
  package var scheme: String { trust == nil ? "http" : "https" }

  /// What to look up and connect to.
  package var connectHost: String {
    host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
  }

  /// The value of `Host`: a name as it was given, an IPv6 address in brackets (RFC 3986, section 3.2.2). Which of
  /// this machine's links leads there, `%eth0`, is nobody else's to know (RFC 4007, section 6).
  package var hostField: String {
    let host = connectHost
    guard host.contains(":") else { return "\(host):\(port)" }
    return "[\(host.prefix { $0 != "%" })]:\(port)"
  }

  /// Field lines that all requests to it have beside `Host`.
  package var fields: [(name: String, value: String)] {
    token.map { [("Authorization", "Bearer \($0)")] } ?? []
  }
}
