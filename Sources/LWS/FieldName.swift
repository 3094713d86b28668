import CLibwebsockets

/// A header field's name, as libwebsockets files it: looked up once, not with every request.
struct FieldName: Sendable {
  /// In lower case.
  let text: String
  /// With the colon, for those that libwebsockets files under their names.
  let key: [CChar]
  /// For those that it does not.
  let token: lws_token_indexes?

  init(_ text: String) {
    self.text = text
    key = (text + ":").utf8CString.map(\.self)
    token = Self.tokens[text]
  }

  /// The version of the request line, which libwebsockets files with the fields.
  static let version = FieldName("version")
  static let connection = FieldName("connection")
  static let contentLength = FieldName("content-length")
  static let transferEncoding = FieldName("transfer-encoding")
  static let webSocketKey = FieldName("sec-websocket-key")
  static let webSocketVersion = FieldName("sec-websocket-version")

  private static let tokens: [String: lws_token_indexes] = [
    "accept": WSI_TOKEN_HTTP_ACCEPT,
    "connection": WSI_TOKEN_CONNECTION,
    "authorization": WSI_TOKEN_HTTP_AUTHORIZATION,
    "content-length": WSI_TOKEN_HTTP_CONTENT_LENGTH,
    "content-type": WSI_TOKEN_HTTP_CONTENT_TYPE,
    "host": WSI_TOKEN_HOST,
    "origin": WSI_TOKEN_ORIGIN,
    "sec-websocket-key": WSI_TOKEN_KEY,
    "sec-websocket-version": WSI_TOKEN_VERSION,
    "transfer-encoding": WSI_TOKEN_HTTP_TRANSFER_ENCODING,
    "version": WSI_TOKEN_HTTP,
  ]
}
