import CLibwebsockets

func readMethod(_ wsi: OpaquePointer) -> Request.Method? {
  var start: UnsafeMutablePointer<CChar>?
  var length: CInt = 0
  return Request.Method(lws_http_get_uri_and_method(wsi, &start, &length))
}

/// Reads the request's head out of libwebsockets' header table, which is gone once the callback returns.
/// - Returns: nil where path or query are not UTF-8.
func readRequest(_ wsi: OpaquePointer, fields names: [FieldName]) -> Request? {
  var start: UnsafeMutablePointer<CChar>?
  var length: CInt = 0
  let index = lws_http_get_uri_and_method(wsi, &start, &length)
  guard let start, let method = Request.Method(index) else { return nil }
  let bytes = UnsafeRawBufferPointer(start: start, count: Int(length))
  guard let path = String(utf8: bytes[...]) else { return nil }
  var request = Request(method: method, path: path, version: readField(wsi, .version) ?? "")
  guard let query = readQuery(wsi) else { return nil }
  request.query = query
  for name in names {
    if let value = readField(wsi, name) { request.fields.append(name.text, value) }
  }
  return request
}

/// What the request's version and `connection` field allow (RFC 9112, section 9.3).
struct Persistence {
  /// HTTP/1.1: an open-ended body is chunked. On HTTP/1.0 the connection's end is the body's.
  var takesChunks: Bool
  var closes: Bool
}

func readPersistence(_ wsi: OpaquePointer) -> Persistence {
  let isHTTP11 = readField(wsi, .version) == "HTTP/1.1"
  let options = readField(wsi, .connection)?.lowercased().split(separator: ",") ?? []
  let saysClose = options.contains { $0.trimmingPrefix(while: \.isWhitespace) == "close" }
  return Persistence(takesChunks: isHTTP11, closes: !isHTTP11 || saysClose)
}

/// A request of HTTP/1.1 names one host and no more (RFC 9112, section 3.2).
func namesItsHost(_ wsi: OpaquePointer) -> Bool {
  if lws_hdr_total_length(wsi, WSI_TOKEN_HOST) == 0 { return readField(wsi, .version) != "HTTP/1.1" }
  return lws_hdr_fragment_length(wsi, WSI_TOKEN_HOST, 1) == 0
}

/// What is wrong with a handshake of WebSocket (RFC 6455, section 4.2.1) that libwebsockets takes, or ends without
/// a word.
func readHandshakeProblem(_ wsi: OpaquePointer) -> RequestProblem? {
  if readField(wsi, .webSocketVersion) != "13" { return .unknownWebSocketVersion }
  // 16 bytes in base64.
  return readField(wsi, .webSocketKey)?.utf8.count == 24 ? nil : .malformed
}

struct BodyRefusal: Error {
  var problem: RequestProblem
}

/// Whether a body follows: nil for none, its size, or why it cannot be taken.
func readBodyExpectation(_ wsi: OpaquePointer, limit: Int) -> Result<Int, BodyRefusal>? {
  if readField(wsi, .transferEncoding) != nil { return .failure(BodyRefusal(problem: .lengthRequired)) }
  guard let text = readField(wsi, .contentLength) else {
    let expectsBody = lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) > 0
    return expectsBody ? .failure(BodyRefusal(problem: .lengthRequired)) : nil
  }
  // Digits and nothing else (RFC 9110, section 8.6): a sign, or a second length that differs, is for others to
  // read otherwise.
  guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let size = Int(text)
  else { return .failure(BodyRefusal(problem: .lengthRequired)) }
  if size == 0, lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) == 0 { return nil }
  return size <= limit ? .success(size) : .failure(BodyRefusal(problem: .bodyTooLarge))
}

/// Each `name=value` of the query, decoded; nil if one is not valid UTF-8.
private func readQuery(_ wsi: OpaquePointer) -> [(name: String, value: String)]? {
  let total = Int(lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_URI_ARGS))
  guard total > 0 else { return [] }
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: total + 2) { buffer in
    var pairs: [(name: String, value: String)] = []
    var index: CInt = 0
    while true {
      let count = lws_hdr_copy_fragment(
        wsi, buffer.baseAddress, CInt(buffer.count), WSI_TOKEN_HTTP_URI_ARGS, index)
      guard count >= 0 else { return pairs }
      index += 1
      let bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: Int(count))
      let equals = bytes.firstIndex(of: UInt8(ascii: "=")) ?? bytes.endIndex
      guard let name = String(utf8: bytes[..<equals]), let value = String(utf8: bytes[equals...].dropFirst())
      else { return nil }
      pairs.append((name, value))
    }
  }
}

/// A field's value without the white space around it (RFC 9112, section 5.1), what is not UTF-8 in it replaced: a
/// field that is there must not pass for one that is not.
private func readField(_ wsi: OpaquePointer, _ name: FieldName) -> String? {
  let length =
    name.token.map { lws_hdr_total_length(wsi, $0) }
    ?? lws_hdr_custom_length(wsi, name.key, CInt(name.text.utf8.count + 1))
  guard length >= 0, name.token == nil || length > 0 else { return nil }
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(length) + 1) { buffer in
    let capacity = CInt(buffer.count)
    let count =
      name.token.map { lws_hdr_copy(wsi, buffer.baseAddress, capacity, $0) }
      ?? lws_hdr_custom_copy(wsi, buffer.baseAddress, capacity, name.key, CInt(name.text.utf8.count + 1))
    let bytes = UnsafeRawBufferPointer(start: buffer.baseAddress, count: max(0, Int(count)))
    let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let start = bytes.firstIndex { !isSpace($0) } ?? bytes.endIndex
    let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}

/// Names that begin, but are not, a name libwebsockets knows.
func unreadableFieldNames() -> Set<[UInt8]> {
  // Known names end in a colon here; methods and the like do not.
  let known = (0..<WSI_TOKEN_COUNT.rawValue).compactMap { lws_token_to_string(lws_token_indexes($0)) }.map {
    Array(String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)).utf8)
  }.filter { $0.last == UInt8(ascii: ":") }.map { $0.dropLast() }
  let beginnings = known.flatMap { name in (1..<max(1, name.count)).map { Array(name.prefix($0)) } }
  return Set(beginnings).subtracting(known.map(Array.init))
}

extension String {
  /// Nil for what is not UTF-8.
  fileprivate init?(utf8 bytes: Slice<UnsafeRawBufferPointer>) {
    // What is ASCII needs no look at its sequences, and most is.
    if bytes.allSatisfy({ $0 < 0x80 }) {
      self.init(decoding: UnsafeRawBufferPointer(rebasing: bytes), as: UTF8.self)
    } else {
      self.init(validating: bytes, as: UTF8.self)
    }
  }
}

extension Request.Method {
  /// - Parameter index: one of libwebsockets' `LWSHUMETH_…`.
  fileprivate init?(_ index: CInt) {
    switch Int(index) {
    case LWSHUMETH_GET: self = .get
    case LWSHUMETH_POST: self = .post
    case LWSHUMETH_OPTIONS: self = .options
    case LWSHUMETH_PUT: self = .put
    case LWSHUMETH_PATCH: self = .patch
    case LWSHUMETH_DELETE: self = .delete
    case LWSHUMETH_CONNECT: self = .connect
    case LWSHUMETH_HEAD: self = .head
    default: return nil
    }
  }
}
