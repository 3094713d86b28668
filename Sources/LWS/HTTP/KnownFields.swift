/// The header fields that decide what becomes of a request, and those that its service asks for.
struct KnownFields {
  /// What the service asks for, lines of one name joined by commas.
  private(set) var asked: HeaderFields = [:]
  /// How many lines name a host.
  private(set) var hosts = 0
  /// Members of `connection`, in lower case.
  private(set) var connection: [String] = []
  /// Protocols of `upgrade`, in lower case, without versions.
  private(set) var upgrade: [String] = []
  /// Members of `content-length`: one that is said twice is there twice.
  private(set) var contentLengths: [String] = []
  private(set) var hasTransferEncoding = false
  private(set) var expectations: [String] = []
  private(set) var webSocketKeys: [String] = []
  private(set) var webSocketVersions: [String] = []
  private(set) var webSocketExtensions: [String] = []

  /// A name, a colon right behind it, a value without control characters (RFC 9112, section 5.1). A line that is
  /// folded onto the one before (section 5.2) is none.
  /// - Throws: `.malformed` for what is no field.
  mutating func take(_ line: Slice<UnsafeRawBufferPointer>, _ names: [String]) throws(RequestProblem) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy(\.isTokenByte),
      line[colon...].allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == UInt8(ascii: "\t") })
    else { throw .malformed }
    let name = line[..<colon]
    let value = trimmed(line[colon...].dropFirst())
    take(name, value)
    if let asked = names.first(where: { Self.isSame(name, as: $0) }) { self.asked.add(asked, text(value)) }
  }

  private mutating func take(_ name: Slice<UnsafeRawBufferPointer>, _ value: Slice<UnsafeRawBufferPointer>) {
    // Most names are none of these, and their lengths tell.
    switch name.count {
    case 4 where Self.isSame(name, as: "host"): hosts += 1
    case 6 where Self.isSame(name, as: "expect"): expectations += members(value).map { $0.lowercased() }
    case 7 where Self.isSame(name, as: "upgrade"):
      upgrade += members(value).map { String($0.prefix { $0 != "/" }).lowercased() }
    case 10 where Self.isSame(name, as: "connection"): connection += members(value).map { $0.lowercased() }
    case 14 where Self.isSame(name, as: "content-length"):
      // An empty member is no number either.
      contentLengths += value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
        text(trimmed($0))
      }
    case 17 where Self.isSame(name, as: "transfer-encoding"): hasTransferEncoding = true
    case 17 where Self.isSame(name, as: "sec-websocket-key"): webSocketKeys.append(text(value))
    case 21 where Self.isSame(name, as: "sec-websocket-version"): webSocketVersions += members(value)
    case 24 where Self.isSame(name, as: "sec-websocket-extensions"): webSocketExtensions += members(value)
    default: break
    }
  }

  /// - Parameter lowerCase: the name to compare with.
  private static func isSame(_ name: Slice<UnsafeRawBufferPointer>, as lowerCase: String) -> Bool {
    name.count == lowerCase.utf8.count && name.lazy.map(\.inLowerCase).elementsEqual(lowerCase.utf8)
  }

  /// Members of a list (RFC 9110, section 5.6.1), empty ones left out.
  private func members(_ value: Slice<UnsafeRawBufferPointer>) -> [String] {
    value.split(separator: UInt8(ascii: ",")).map(trimmed).filter { !$0.isEmpty }.map(text)
  }

  /// Without the white space around it (RFC 9110, section 5.6.3).
  private func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
    let start = bytes.firstIndex { !$0.isBlank } ?? bytes.endIndex
    let end = bytes.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? start
    return bytes[start..<end]
  }

  /// What is not UTF-8 is replaced: a field that is there must not pass for one that is not.
  private func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    String(decoding: UnsafeRawBufferPointer(rebasing: bytes), as: UTF8.self)
  }
}
