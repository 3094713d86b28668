import Glibc

/// Looks for the end of a request's head among bytes that come in pieces. It remembers how far it has looked, so a
/// head costs its length, however it was cut on the way.
struct HeadScan {
  enum Progress: Equatable {
    case incomplete
    /// An empty line stands before the request and is passed over (RFC 9112, section 2.2); how many bytes it takes.
    case emptyLine(Int)
    /// How many bytes the head takes, the empty line at its end included.
    case whole(Int)
    case refused(RequestProblem)
  }

  private var searched = 0
  private var lineStart = 0
  private var lines = 0
  private var requestLineEnd = 0
  private var hasJudgedLine = false

  /// - Parameter bytes: all that has come of the head so far, and maybe more; what was there last time still is.
  mutating func look(at bytes: UnsafeRawBufferPointer, _ limits: ConnectionLimits) -> Progress {
    guard let start = bytes.baseAddress else { return .incomplete }
    while let found = memchr(start + searched, 0x0a, bytes.count - searched) {
      let end = UnsafeRawPointer(found) - start
      searched = end + 1
      let length = end - lineStart
      if lines == 0, length > limits.requestLineBytes { return .refused(.targetTooLong) }
      guard searched <= limits.headBytes else { return .refused(.headTooLarge) }
      let isEmpty = length == 0 || length == 1 && bytes[lineStart] == 0x0d
      if isEmpty { return lines == 0 ? .emptyLine(searched) : .whole(searched) }
      if lines > limits.headFields { return .refused(.tooManyFields) }
      if lines == 0 { requestLineEnd = searched }
      lineStart = searched
      lines += 1
    }
    searched = bytes.count
    if let problem = problem(ofUnfinished: bytes, limits) ?? problemOfRequestLine(bytes) {
      return .refused(problem)
    }
    return .incomplete
  }

  /// A request line that is none need not be followed by a head, such as HTTP/0.9's.
  private mutating func problemOfRequestLine(_ bytes: UnsafeRawBufferPointer) -> RequestProblem? {
    guard lines > 0, !hasJudgedLine else { return nil }
    hasJudgedLine = true
    var head = HeadLines(UnsafeRawBufferPointer(rebasing: bytes[..<requestLineEnd]))
    do throws(RequestProblem) {
      if let line = head.next() { _ = try RequestLine(line) }
      return nil
    } catch {
      return error
    }
  }

  /// What need not come to its end to be refused. Something that is no HTTP at all, such as the first bytes of TLS,
  /// is known by its first line.
  private func problem(ofUnfinished bytes: UnsafeRawBufferPointer, _ limits: ConnectionLimits)
    -> RequestProblem?
  {
    if lines > 0 { return bytes.count >= limits.headBytes ? .headTooLarge : nil }
    if bytes.count > limits.requestLineBytes { return .targetTooLong }
    // The first half of an empty line.
    if bytes.count == 1, bytes[0] == 0x0d { return nil }
    let method = bytes.prefix(RequestLine.longestMethod + 1).prefix { $0 != UInt8(ascii: " ") }
    let mayBecomeOne = method.count <= RequestLine.longestMethod && method.allSatisfy(\.isTokenByte)
    return mayBecomeOne && (!method.isEmpty || bytes.isEmpty) ? nil : .malformed
  }

}

extension UInt8 {
  /// Whether it may stand in a method or a field's name (RFC 9110, section 5.6.2).
  var isTokenByte: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default:
      "!#$%&'*+-.^_`|~".utf8.contains(self)
    }
  }

  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  /// A blank or a tab.
  var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

  /// The same letter in lower case; every other byte as it is.
  var inLowerCase: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}
