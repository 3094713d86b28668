/// Judges the first bytes of a connection before libwebsockets sees them: it closes a connection whose head
/// it cannot take without a word, where RFC 9110, section 5.4, and RFC 9112, section 2.2, ask for an answer.
struct HeadCheck {
  enum Verdict: Equatable {
    case incomplete
    case whole
    case refused(RequestProblem)
  }

  let limits: ConnectionLimits
  /// In lower case.
  let unreadableNames: Set<[UInt8]>

  private static let methods: [[UInt8]] = Request.Method.allCases.map { Array($0.rawValue.utf8) }

  /// How many bytes the empty line takes that may stand before a request (RFC 9112, section 2.2), 0 where none
  /// does. libwebsockets would take it for a request, so nobody may leave it for it to read.
  static func emptyLine(_ bytes: UnsafeRawBufferPointer) -> Int {
    bytes.starts(with: "\r\n".utf8) ? 2 : bytes.first == UInt8(ascii: "\n") ? 1 : 0
  }

  /// - Parameter bytes: what has come so far; behind the head anything may follow.
  func judge(_ bytes: UnsafeRawBufferPointer) -> Verdict {
    guard let line = line(of: bytes, from: 0) else { return judge(unfinishedLine: bytes) }
    if let problem = problem(ofRequestLine: line) { return .refused(problem) }
    var start = line.endIndex + 1
    var fields = 0
    while let line = self.line(of: bytes, from: start) {
      guard line.endIndex < limits.headBytes else { return .refused(.headTooLarge) }
      start = line.endIndex + 1
      let field = trimmed(line)
      if field.isEmpty { return .whole }
      fields += 1
      if fields > limits.headFields { return .refused(.tooManyFields) }
      guard let name = name(of: field) else { return .refused(.malformed) }
      if unreadableNames.contains(name) { return .refused(.unreadableField) }
    }
    return bytes.count >= limits.headBytes ? .refused(.headTooLarge) : .incomplete
  }

  /// Something that is no HTTP at all, such as the first bytes of TLS, need not come to its line's end.
  private func judge(unfinishedLine bytes: UnsafeRawBufferPointer) -> Verdict {
    if bytes.count > limits.requestLineBytes { return .refused(.targetTooLong) }
    // The first half of an empty line.
    if bytes.elementsEqual("\r".utf8) { return .incomplete }
    let method = bytes.prefix { $0 != UInt8(ascii: " ") }
    let mayBecomeOne = method.count <= 20 && method.allSatisfy(Self.isTokenByte)
    return mayBecomeOne && (!method.isEmpty || bytes.isEmpty) ? .incomplete : .refused(.malformed)
  }

  /// RFC 9112, section 3.
  private func problem(ofRequestLine line: Slice<UnsafeRawBufferPointer>) -> RequestProblem? {
    if line.count > limits.requestLineBytes { return .targetTooLong }
    let parts = trimmed(line).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(Self.isTokenByte), !parts[1].isEmpty,
      parts[2].starts(with: "HTTP/".utf8), hasWholeEscapes(parts[1])
    else { return .malformed }
    guard parts[2].elementsEqual("HTTP/1.1".utf8) || parts[2].elementsEqual("HTTP/1.0".utf8) else {
      return .unknownVersion
    }
    guard Self.methods.contains(where: { $0.elementsEqual(parts[0]) }) else { return .unknownMethod }
    return parts[1].first == UInt8(ascii: "/") ? nil : .foreignTarget
  }

  /// Each percent sign is followed by two hexadecimal digits (RFC 3986, section 2.1) that do not mean NUL, where
  /// libwebsockets would take the path to end; and only printable ASCII stands for itself.
  private func hasWholeEscapes(_ target: Slice<UnsafeRawBufferPointer>) -> Bool {
    var rest = target
    while let byte = rest.popFirst() {
      guard (0x21...0x7e).contains(byte) else { return false }
      guard byte == UInt8(ascii: "%") else { continue }
      guard let high = rest.popFirst().flatMap(Self.hexValue),
        let low = rest.popFirst().flatMap(Self.hexValue),
        high + low > 0
      else { return false }
    }
    return true
  }

  private static func hexValue(_ byte: UInt8) -> Int? {
    byte < 0x80 ? Character(UnicodeScalar(byte)).hexDigitValue : nil
  }

  /// A name, a colon right behind it, a value without control characters (RFC 9112, section 5.1); a line that
  /// is folded onto the one before (section 5.2) is none.
  /// - Returns: the name in lower case; nil for what is no field.
  private func name(of line: Slice<UnsafeRawBufferPointer>) -> [UInt8]? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy(Self.isTokenByte),
      line[colon...].allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == UInt8(ascii: "\t") })
    else { return nil }
    return line[..<colon].map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }

  /// RFC 9110, section 5.6.2.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default:
      "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  /// The line from there on, without its line feed; nil if it has not come whole.
  private func line(of bytes: UnsafeRawBufferPointer, from start: Int) -> Slice<UnsafeRawBufferPointer>? {
    guard start < bytes.count, let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else {
      return nil
    }
    return bytes[start..<end]
  }

  private func trimmed(_ line: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
    line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }
}
