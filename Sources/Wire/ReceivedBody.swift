/// How the end of a response's body is known (RFC 9112, section 6.3).
public enum ReceivedBody: Hashable, Sendable {
  /// So many bytes; zero also where the status allows no body.
  case length(Int)
  case chunked
  /// With the connection's end: what a peer that was cut off had to say cannot be told from all of it.
  case untilClose
}

extension ReceivedHead {
  /// An answer to come is announced, not given (RFC 9110, section 15.2).
  public var isInterim: Bool { (100..<200).contains(status) && status != 101 }

  /// What follows the head, in answer to any method but HEAD and CONNECT.
  /// - Throws: `MalformedResponse` where it cannot be told, or was coded as nobody asked for.
  public var body: ReceivedBody {
    get throws(MalformedResponse) {
      if status < 200 || status == 204 || status == 304 { return .length(0) }
      let codings = list("transfer-encoding")
      guard codings.isEmpty else {
        guard codings == ["chunked"] else {
          throw MalformedResponse(
            "a transfer coding that was not asked for: \(codings.joined(separator: ", "))")
        }
        return .chunked
      }
      // A length that is stated twice, alike, is one (RFC 9110, section 8.6).
      guard field("content-length") != nil else { return .untilClose }
      let lengths = Set(list("content-length"))
      guard let first = lengths.first, lengths.count == 1, let length = Self.number(first.utf8) else {
        throw MalformedResponse(
          "a Content-Length that is none: \(lengths.sorted().joined(separator: ", "))")
      }
      return .length(length)
    }
  }

  /// Whether the connection may carry another request once the response is whole (RFC 9112, section 9.3).
  public var keepsConnection: Bool {
    let options = list("connection")
    let isCoded = field("transfer-encoding") != nil
    // Who states a length beside a coding, or a coding in HTTP/1.0, is not to be trusted with what follows (RFC
    // 9112, sections 6.1 and 6.3).
    if options.contains("close") || isCoded && (minorVersion == 0 || field("content-length") != nil) {
      return false
    }
    guard minorVersion > 0 || options.contains("keep-alive") else { return false }
    return (try? body) != .untilClose
  }
}
