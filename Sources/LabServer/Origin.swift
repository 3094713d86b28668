import Glibc

/// A host and maybe a port, as the `Host` field (RFC 9110, section 7.2) and an origin write them.
struct Authority: Hashable, Sendable {
  /// In lower case: a name, an IPv4 address, or an IPv6 address in brackets.
  let host: String
  /// Nil where left out.
  var port: UInt16?

  /// Nil for what is none, so that whatever is kept here can go into a field or a text.
  init?(_ text: String) {
    // Bytes, and what is small already as it stands: every request has one.
    let isInBrackets = text.utf8.first == UInt8(ascii: "[")
    let end =
      isInBrackets
      ? text.utf8.firstIndex(of: UInt8(ascii: "]")).map(text.utf8.index(after:))
      : text.utf8.firstIndex(of: UInt8(ascii: ":"))
    let name = text[..<(end ?? text.endIndex)]
    let host = name.utf8.allSatisfy(Self.isSmall) ? String(name) : name.lowercased()
    guard isInBrackets ? Self.isAddressInBrackets(host) : Self.isName(host) else { return nil }
    self.host = host
    let rest = text[(end ?? text.endIndex)...]
    guard !rest.isEmpty, rest != ":" else { return }
    guard rest.hasPrefix(":"), rest.dropFirst().utf8.allSatisfy(Self.isDigit),
      let port = UInt16(rest.dropFirst())
    else { return nil }
    self.port = port
  }

  /// Whether every resolver takes it to the machine itself: `localhost` and what is below it (RFC 6761,
  /// section 6.3), 127.0.0.0/8 and ::1.
  var isLoopback: Bool {
    if host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" { return true }
    var address = in_addr()
    let isAddress = host.withCString { inet_pton(AF_INET, $0, &address) == 1 }
    return isAddress && UInt32(bigEndian: address.s_addr) >> 24 == 127
  }

  private static func isSmall(_ byte: UInt8) -> Bool {
    byte < 0x80 && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  private static func isName(_ host: String) -> Bool {
    !host.isEmpty
      && host.utf8.allSatisfy { byte in
        isDigit(byte) || isLetter(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
          || byte == UInt8(ascii: "_")
      }
  }

  private static func isAddressInBrackets(_ host: String) -> Bool {
    host.hasSuffix("]") && host.utf8.count > 2
      && host.dropFirst().dropLast().utf8.allSatisfy { isDigit($0) || "abcdef:.".utf8.contains($0) }
  }

  fileprivate static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  fileprivate static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }
}

/// Where a page comes from (RFC 6454): `scheme://host[:port]`, the scheme's own port left out.
struct Origin: Hashable, Sendable, CustomStringConvertible {
  let scheme: String
  let authority: Authority

  /// Nil for what is none, and for `null`, which sandboxed pages and files of any kind share.
  init?(_ text: String) {
    guard let separator = text.firstRange(of: "://") else { return nil }
    scheme = text[..<separator.lowerBound].lowercased()
    guard let first = scheme.utf8.first, Authority.isLetter(first),
      scheme.utf8.allSatisfy({ Authority.isLetter($0) || Authority.isDigit($0) || "+-.".utf8.contains($0) }),
      var authority = Authority(String(text[separator.upperBound...]))
    else { return nil }
    if authority.port == Self.ports[scheme] { authority.port = nil }
    self.authority = authority
  }

  var description: String {
    "\(scheme)://\(authority.host)\(authority.port.map { ":\($0)" } ?? "")"
  }

  /// Whether a page of this origin came from the host that a request names, over HTTP or through a proxy that
  /// speaks HTTPS.
  func isServed(by host: Authority) -> Bool {
    guard let port = Self.ports[scheme] else { return false }
    return host.host == authority.host && (host.port ?? port) == (authority.port ?? port)
  }

  private static let ports: [String: UInt16] = ["http": 80, "https": 443]
}
