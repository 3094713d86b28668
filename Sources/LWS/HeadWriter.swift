import CLibwebsockets

/// Writes status line and fields, and with them the body where there is one, in a single write.
struct HeadWriter {
  let wsi: OpaquePointer
  let date: String
  /// Is shown what is written.
  var tap: ((UnsafeRawBufferPointer) -> Void)?

  /// A whole response. `content-length` is added (RFC 9110, section 8.6), but for a status that has no body.
  func write(_ response: Response, isHead: Bool) -> Bool {
    let hasBody = response.head.status != 204 && response.head.status != 304
    return write(
      response.head, contentLength: hasBody ? String(response.body.count) : nil,
      followedBy: isHead ? [] : response.body, as: LWS_WRITE_HTTP_FINAL)
  }

  /// The head of an open-ended body.
  func write(_ head: ResponseHead) -> Bool {
    write(head, contentLength: nil, followedBy: [], as: LWS_WRITE_HTTP_HEADERS)
  }

  private func write(
    _ head: ResponseHead, contentLength: String?, followedBy body: [UInt8], as kind: lws_write_protocol
  ) -> Bool {
    let fieldBytes = head.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
    // The status line, the date and the content's length take fewer than 256.
    let capacity = Int(clws_pre) + 256 + fieldBytes + body.count
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { buffer in
      let start = buffer.baseAddress! + Int(clws_pre)
      let end = buffer.baseAddress! + capacity
      var cursor: UnsafeMutablePointer<UInt8>? = start
      guard lws_add_http_header_status(wsi, UInt32(head.status), &cursor, end) == 0, var field = cursor
      else { return false }
      Self.add("date", date, at: &field)
      for (name, value) in head.fields { Self.add(name, value, at: &field) }
      if let contentLength { Self.add("content-length", contentLength, at: &field) }
      cursor = field
      guard lws_finalize_http_header(wsi, &cursor, end) == 0, let bodyStart = cursor else { return false }
      _ = UnsafeMutableBufferPointer(start: bodyStart, count: body.count).update(fromContentsOf: body)
      let count = bodyStart - start + body.count
      tap?(UnsafeRawBufferPointer(start: start, count: count))
      return lws_write(wsi, start, count, kind) >= count
    }
  }

  /// - Parameter cursor: within the memory that was asked for with this field in mind; moved behind it.
  private static func add(_ name: String, _ value: String, at cursor: inout UnsafeMutablePointer<UInt8>) {
    add(name, at: &cursor)
    add(UInt8(ascii: ":"), UInt8(ascii: " "), at: &cursor)
    add(value, at: &cursor)
    add(UInt8(ascii: "\r"), UInt8(ascii: "\n"), at: &cursor)
  }

  private static func add(_ first: UInt8, _ second: UInt8, at cursor: inout UnsafeMutablePointer<UInt8>) {
    cursor[0] = first
    cursor[1] = second
    cursor += 2
  }

  private static func add(_ text: String, at cursor: inout UnsafeMutablePointer<UInt8>) {
    var text = text
    text.withUTF8 { bytes in
      if let start = bytes.baseAddress { cursor.update(from: start, count: bytes.count) }
      cursor += bytes.count
    }
  }
}
