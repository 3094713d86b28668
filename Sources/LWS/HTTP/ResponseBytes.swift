/// Status line and fields, and with them the body where there is one, as they travel: in one piece of memory, for a
/// single write.
struct ResponseBytes {
  typealias Field = (name: String, value: String)

  private let head: ResponseHead
  private let date: String
  private let extra: [Field]
  private let contentLength: String?
  private let body: [UInt8]

  static let close: Field = ("connection", "close")
  static let keepAlive: Field = ("connection", "keep-alive")
  static let chunked: Field = ("transfer-encoding", "chunked")

  /// A whole response. `content-length` is added (RFC 9110, section 8.6), but for a status that has no body.
  /// - Parameters:
  ///   - date: the value of its `date` field.
  ///   - extra: fields that the connection adds.
  ///   - isHead: whether `HEAD` asked, whose answer has no body.
  init(_ response: Response, date: String, extra: [Field] = [], isHead: Bool = false) {
    let hasBody = response.head.status != 204 && response.head.status != 304
    head = response.head
    self.date = date
    self.extra = extra
    contentLength = hasBody ? String(response.body.count) : nil
    body = isHead || !hasBody ? [] : response.body
  }

  /// The head of an open-ended body.
  init(_ head: ResponseHead, date: String, extra: [Field]) {
    self.head = head
    self.date = date
    self.extra = extra
    contentLength = nil
    body = []
  }

  /// - Parameter write: is given all of it, valid until it returns.
  @discardableResult
  func write(_ write: (UnsafeMutableBufferPointer<UInt8>) -> Bool) -> Bool {
    let fields = head.fields.reduce(0) { $0 + Self.size($1) } + extra.reduce(0) { $0 + Self.size($1) }
    // The status line, the date and the content's length take fewer than 256.
    let capacity = 256 + fields + body.count
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { buffer in
      let start = buffer.baseAddress!
      var cursor = start
      Self.add("HTTP/1.1 ", at: &cursor)
      Self.add(String(head.status), at: &cursor)
      Self.add(" ", at: &cursor)
      Self.add(Self.phrase(head.status), at: &cursor)
      Self.add("\r\n", at: &cursor)
      Self.add(("date", date), at: &cursor)
      for field in head.fields { Self.add(field, at: &cursor) }
      for field in extra { Self.add(field, at: &cursor) }
      if let contentLength { Self.add(("content-length", contentLength), at: &cursor) }
      Self.add("\r\n", at: &cursor)
      _ = UnsafeMutableBufferPointer(start: cursor, count: body.count).update(fromContentsOf: body)
      return write(UnsafeMutableBufferPointer(start: start, count: cursor - start + body.count))
    }
  }

  /// The same as an array.
  var array: [UInt8] {
    var array: [UInt8] = []
    write { bytes in
      array = Array(bytes)
      return true
    }
    return array
  }

  /// RFC 9110, section 15; nothing for a status that is not said here (RFC 9112, section 4).
  private static func phrase(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 204: "No Content"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 411: "Length Required"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 417: "Expectation Failed"
    case 421: "Misdirected Request"
    case 426: "Upgrade Required"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 505: "HTTP Version Not Supported"
    default: ""
    }
  }

  private static func size(_ field: Field) -> Int { field.name.utf8.count + field.value.utf8.count + 4 }

  /// - Parameter cursor: within the memory that was asked for with this field in mind; moved behind it.
  private static func add(_ field: Field, at cursor: inout UnsafeMutablePointer<UInt8>) {
    add(field.name, at: &cursor)
    add(": ", at: &cursor)
    add(field.value, at: &cursor)
    add("\r\n", at: &cursor)
  }

  private static func add(_ text: borrowing String, at cursor: inout UnsafeMutablePointer<UInt8>) {
    let rest = UnsafeMutableBufferPointer(start: cursor, count: text.utf8.count)
    cursor += text.utf8.count
    _ = rest.update(fromContentsOf: text.utf8)
  }
}
