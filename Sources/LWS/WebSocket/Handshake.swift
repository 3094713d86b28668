import MessageCompression

/// Whether a request opens a WebSocket (RFC 6455, section 4.2.1).
enum Handshake: Equatable {
  /// It does not, whatever else it offers: an offer that is not taken is passed over (RFC 9110, section 7.8).
  case none
  /// It does, with that key, and with what it offers of compression that can be taken.
  case webSocket(key: String, CompressionTerms?)

  /// - Parameters:
  ///   - fields: of a `GET` over HTTP/1.1.
  ///   - body: what they say of a body.
  /// - Throws: `.unknownWebSocketVersion` or `.malformed` where it would open one, and does not say it as it should.
  init(_ fields: borrowing KnownFields, _ body: BodyFraming) throws(RequestProblem) {
    guard fields.upgrade.contains("websocket"), fields.connection.contains("upgrade") else {
      self = .none
      return
    }
    guard fields.webSocketVersions == ["13"] else { throw .unknownWebSocketVersion }
    // What comes behind the head is the WebSocket's.
    guard body == .none || body == .length(0), fields.webSocketKeys.count == 1,
      Self.isKey(fields.webSocketKeys[0])
    else { throw .malformed }
    self = .webSocket(
      key: fields.webSocketKeys[0], CompressionTerms(offers: fields.webSocketExtensions))
  }

  /// 16 bytes in base64 (RFC 4648, section 4).
  private static func isKey(_ text: String) -> Bool {
    text.utf8.count == 24 && text.hasSuffix("==")
      && text.utf8.dropLast(2).allSatisfy(\.isBase64)
  }

  /// What libwebsockets is given to read: the handshake and nothing of what else the client said, so that it finds
  /// no subprotocol that it does not know, no offer that is not taken and no field that it misreads.
  static func canonical(key: String, _ terms: CompressionTerms?) -> [UInt8] {
    let extensions = terms.map { "Sec-WebSocket-Extensions: \($0.member)\r\n" } ?? ""
    return Array(
      """
      GET / HTTP/1.1\r
      Host: localhost\r
      Connection: Upgrade\r
      Upgrade: websocket\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: \(key)\r
      \(extensions)\r\n
      """.utf8)
  }
}

extension UInt8 {
  fileprivate var isBase64: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
