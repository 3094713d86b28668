/// The first line of a request (RFC 9112, section 3).
struct RequestLine {
  let method: Request.Method
  let target: RequestTarget
  /// Or a later minor version, which is read as this one (RFC 9110, section 2.5).
  let isHTTP11: Bool

  /// Bytes of a method that may be one; what is longer is no request, whatever follows.
  static let longestMethod = 20

  /// - Parameter line: without its end.
  init(_ line: Slice<UnsafeRawBufferPointer>) throws(RequestProblem) {
    let blank = UInt8(ascii: " ")
    guard let first = line.firstIndex(of: blank), let last = line.lastIndex(of: blank), first < last else {
      throw .malformed
    }
    let name = line[..<first]
    let bytes = line[line.index(after: first)..<last]
    guard (1...Self.longestMethod).contains(name.count), name.allSatisfy(\.isTokenByte), !bytes.isEmpty,
      !bytes.contains(blank)
    else { throw .malformed }
    isHTTP11 = try Self.isHTTP11(line[line.index(after: last)...])
    guard let method = Request.Method.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name) })
    else {
      throw .unknownMethod
    }
    self.method = method
    target = try RequestTarget(bytes, method)
  }

  private static func isHTTP11(_ version: Slice<UnsafeRawBufferPointer>) throws(RequestProblem) -> Bool {
    guard version.count == 8, version.starts(with: "HTTP/".utf8) else { throw .malformed }
    let digits = version.dropFirst(5)
    guard let major = digits.first, let minor = digits.last, digits.dropFirst().first == UInt8(ascii: "."),
      major.isDigit, minor.isDigit
    else { throw .malformed }
    guard major == UInt8(ascii: "1") else { throw .unknownVersion }
    return minor > UInt8(ascii: "0")
  }
}

/// What a request is for (RFC 9112, section 3.2): a path with its query, as it is or within a whole URI, or `*`.
struct RequestTarget: Equatable {
  /// As it came.
  let text: String
  /// Percent-decoded, dot segments removed; begins with a slash, or is `*`.
  let path: String
  /// Decoded as a form is (WHATWG URL, section 5.1).
  let query: [(name: String, value: String)]
  /// The host, and the port where there is one, of a whole URI.
  let authority: String?

  /// - Throws: `.malformed` for what is no URI, or not UTF-8 when decoded; `.foreignTarget` for a host and port,
  ///   which are asked of a proxy, and for URIs of other schemes than HTTP's.
  init(_ bytes: Slice<UnsafeRawBufferPointer>, _ method: Request.Method) throws(RequestProblem) {
    // Only printable ASCII stands for itself (RFC 3986, section 2).
    guard bytes.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") }) else {
      throw .malformed
    }
    text = String(decoding: UnsafeRawBufferPointer(rebasing: bytes), as: UTF8.self)
    if bytes.elementsEqual("*".utf8), method == .options {
      (path, query, authority) = ("*", [], nil)
      return
    }
    let rest: Slice<UnsafeRawBufferPointer>
    (authority, rest) = try Self.splitAuthority(bytes)
    let mark = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
    path = try Self.path(rest[..<mark])
    query = try Self.query(rest[mark...].dropFirst())
  }

  static func == (left: Self, right: Self) -> Bool {
    left.path == right.path && left.authority == right.authority
      && left.query.elementsEqual(right.query) { $0 == $1 }
  }

  private static func splitAuthority(
    _ bytes: Slice<UnsafeRawBufferPointer>
  ) throws(RequestProblem) -> (authority: String?, rest: Slice<UnsafeRawBufferPointer>) {
    if bytes.first == UInt8(ascii: "/") { return (nil, bytes) }
    // Whoever asks for https believes that nobody listens, which is not so here (RFC 9110, section 7.4).
    let scheme = "http://"
    if bytes.prefix(scheme.utf8.count).lazy.map(\.inLowerCase).elementsEqual(scheme.utf8) {
      let behind = bytes.dropFirst(scheme.utf8.count)
      let end = behind.firstIndex { "/?".utf8.contains($0) } ?? behind.endIndex
      let authority = String(decoding: behind[..<end], as: UTF8.self)
      // A name and password would be somebody's mistake (RFC 9110, section 4.2.4).
      guard !authority.isEmpty, !authority.contains("@") else { throw .malformed }
      return (authority, behind[end...])
    }
    throw .foreignTarget
  }

  /// RFC 3986, section 5.2.4: dot segments are taken out, also where they are escaped.
  private static func path(_ bytes: Slice<UnsafeRawBufferPointer>) throws(RequestProblem) -> String {
    let special = bytes.contains { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: ".") }
    // Printable ASCII that stands for itself.
    guard special else {
      return bytes.isEmpty ? "/" : String(decoding: UnsafeRawBufferPointer(rebasing: bytes), as: UTF8.self)
    }
    let hasEscapes = bytes.contains(UInt8(ascii: "%"))
    let decoded = hasEscapes ? try Self.decoded(bytes, plusIsBlank: false) : Array(bytes)
    let clean = decoded.contains(UInt8(ascii: ".")) ? withoutDotSegments(decoded) : decoded
    guard let text = String(validating: clean, as: UTF8.self) else { throw .malformed }
    return text.isEmpty ? "/" : text
  }

  /// Of bytes: a slash with an accent on it separates nothing less.
  private static func withoutDotSegments(_ path: [UInt8]) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    var segments: [ArraySlice<UInt8>] = []
    let parts = path.dropFirst().split(separator: slash, omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      let isUp = part.elementsEqual("..".utf8)
      if isUp { _ = segments.popLast() }
      if !isUp, !part.elementsEqual(".".utf8) {
        segments.append(part)
      } else if index == parts.count - 1 {
        segments.append([])
      }
    }
    return [slash] + segments.joined(separator: [slash])
  }

  private static func query(
    _ bytes: Slice<UnsafeRawBufferPointer>
  ) throws(RequestProblem) -> [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    for pair in bytes.split(separator: UInt8(ascii: "&")) {
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      pairs.append((try text(pair[..<equals]), try text(pair[equals...].dropFirst())))
    }
    return pairs
  }

  private static func text(_ bytes: Slice<UnsafeRawBufferPointer>) throws(RequestProblem) -> String {
    guard bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
      return String(decoding: UnsafeRawBufferPointer(rebasing: bytes), as: UTF8.self)
    }
    guard let text = String(validating: try decoded(bytes, plusIsBlank: true), as: UTF8.self) else {
      throw .malformed
    }
    return text
  }

  /// - Throws: `.malformed` for a percent sign without two hexadecimal digits (RFC 3986, section 2.1).
  private static func decoded(
    _ bytes: Slice<UnsafeRawBufferPointer>, plusIsBlank: Bool
  ) throws(RequestProblem) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var rest = bytes
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue else {
          throw .malformed
        }
        decoded.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsBlank:
        decoded.append(UInt8(ascii: " "))
      default:
        decoded.append(byte)
      }
    }
    return decoded
  }
}

extension UInt8 {
  fileprivate var hexadecimalValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
