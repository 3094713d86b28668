import Glibc
import PlainText

/// A host and maybe a port, as the `Host` field (RFC 9110, section 7.2) and an origin write them.
struct Authority: Hashable, Sendable {
  /// In lower case: a name without the dot of the root behind it, an IPv4 address, or an IPv6 address in brackets.
  let host: String
  /// Nil where left out.
  var port: UInt16?

  /// Nil for what is none, so that whatever is kept here can go into a field or a text.
  init?(_ text: String) {
    // As bytes: every request has one.
    var text = text
    guard let parts = text.withUTF8(Self.parts) else { return nil }
    (host, port) = parts
  }

  private static func parts(_ text: UnsafeBufferPointer<UInt8>) -> (host: String, port: UInt16?)? {
    let isInBrackets = text.first == UInt8(ascii: "[")
    let last = isInBrackets ? text.firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } : nil
    let end = last ?? text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
    // `localhost.` is localhost (RFC 1034, section 3.1).
    let name = text[..<end].last == UInt8(ascii: ".") ? text[..<end].dropLast() : text[..<end]
    guard isInBrackets ? address(inBrackets: String(decoding: name, as: UTF8.self)) != nil : isName(name)
    else {
      return nil
    }
    let host = String(unsafeUninitializedCapacity: name.count) { host in
      for (index, byte) in name.enumerated() { host.initializeElement(at: index, to: inLowerCase(byte)) }
      return name.count
    }
    let rest = text[end...]
    if rest.isEmpty || rest.elementsEqual(":".utf8) { return (host, nil) }
    let digits = rest.dropFirst()
    guard rest.first == UInt8(ascii: ":"), digits.allSatisfy(\.isASCIIDigit),
      let port = UInt16(String(decoding: digits, as: UTF8.self))
    else { return nil }
    return (host, port)
  }

  /// Whether every resolver takes it to the machine itself: `localhost` and what is below it (RFC 6761,
  /// section 6.3), 127.0.0.0/8 and ::1.
  var isLoopback: Bool {
    var address = in_addr()
    let isAddress = host.withCString { inet_pton(AF_INET, $0, &address) == 1 }
    if isAddress { return address.isLoopback }
    if host.first == "[" { return Self.address(inBrackets: host)?.isLoopback ?? false }
    return host == "localhost" || host.hasSuffix(".localhost")
  }

  private static func isName(_ host: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    !host.isEmpty
      && host.allSatisfy { byte in
        byte.isASCIIDigit || isLetter(inLowerCase(byte)) || byte == UInt8(ascii: "-")
          || byte == UInt8(ascii: ".")
          || byte == UInt8(ascii: "_")
      }
  }

  /// An IPv6 address (RFC 3986, section 3.2.2); nil for what is none.
  private static func address(inBrackets host: some StringProtocol) -> in6_addr? {
    var address = in6_addr()
    guard host.last == "]", inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address) == 1 else {
      return nil
    }
    return address
  }

  private static func inLowerCase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
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
      scheme.utf8.allSatisfy({ Authority.isLetter($0) || $0.isASCIIDigit || "+-.".utf8.contains($0) }),
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
