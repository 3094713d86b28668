/// What the head of a request says, read from its raw bytes by one rule for every request, first or fiftieth.
///
/// libwebsockets 4.1.6 never sees it: it decodes targets before it reads the line, takes offers of an upgrade for
/// demands, and closes a connection whose head it cannot take without a word.
struct RequestHead {
  /// With the fields that the service asked for, and without a body.
  let request: Request
  let persistence: Persistence
  private(set) var body = BodyFraming.none
  /// The client waits for a word before it sends the body (RFC 9110, section 10.1.1).
  private(set) var awaitsContinue = false
  /// What it asks for beside an answer.
  private(set) var handshake = Handshake.none
  /// Why it cannot be answered, although it can be read.
  private(set) var problem: RequestProblem?

  /// - Parameters:
  ///   - bytes: a whole head, as `HeadScan` finds it.
  ///   - names: the fields that the service asks for, in lower case.
  /// - Throws: what is wrong with a head that cannot be read.
  init(_ bytes: UnsafeRawBufferPointer, names: [String]) throws(RequestProblem) {
    var lines = HeadLines(bytes)
    guard let first = lines.next() else { throw .malformed }
    let line = try RequestLine(first)
    var fields = KnownFields()
    while let line = lines.next(), !line.isEmpty { try fields.take(line, names) }
    var request = Request(
      method: line.method, path: line.target.path, query: line.target.query, fields: fields.asked,
      version: line.isHTTP11 ? "HTTP/1.1" : "HTTP/1.0", target: line.target.text,
      headSize: bytes.count)
    // The target's host is the one that counts (RFC 9112, section 3.2.2).
    guard fields.hosts == 1 || fields.hosts == 0 && !line.isHTTP11 else { throw .malformed }
    if let authority = line.target.authority { request.fields.replace("host", with: authority) }
    self.request = request
    persistence = Persistence(isHTTP11: line.isHTTP11, connection: fields.connection)
    do throws(RequestProblem) {
      body = try BodyFraming(fields, isHTTP11: line.isHTTP11)
      if line.method == .get, line.isHTTP11 { handshake = try Handshake(fields, body) }
      awaitsContinue = try Self.awaitsContinue(fields, isHTTP11: line.isHTTP11, body)
    } catch {
      problem = error
    }
  }

  private static func awaitsContinue(
    _ fields: borrowing KnownFields, isHTTP11: Bool, _ body: BodyFraming
  ) throws(RequestProblem) -> Bool {
    guard !fields.expectations.isEmpty, isHTTP11 else { return false }
    guard fields.expectations.allSatisfy({ $0 == "100-continue" }) else { throw .unknownExpectation }
    return body != .none
  }
}

/// What the request's version and `connection` field allow (RFC 9112, section 9.3).
struct Persistence: Equatable {
  /// HTTP/1.1: an open-ended body is chunked. On HTTP/1.0 the connection's end is the body's.
  var takesChunks: Bool
  var closes: Bool
  /// A client of HTTP/1.0 is told that its wish to keep the connection is granted.
  var saysKeepAlive: Bool

  init(isHTTP11: Bool, connection: [String]) {
    let closes = connection.contains("close") || !isHTTP11 && !connection.contains("keep-alive")
    takesChunks = isHTTP11
    self.closes = closes
    saysKeepAlive = !isHTTP11 && !closes
  }

  /// Of an answer behind which the connection ends.
  static let last = {
    var persistence = Persistence(isHTTP11: true, connection: [])
    persistence.close()
    return persistence
  }()

  mutating func close() {
    closes = true
    saysKeepAlive = false
  }
}

/// How long the body is that follows a head (RFC 9112, section 6.3).
enum BodyFraming: Equatable {
  case none
  /// In bytes; 0 where the head says so.
  case length(Int)

  /// - Throws: `.malformed` where two readers could differ about the end of the request.
  init(_ fields: borrowing KnownFields, isHTTP11: Bool) throws(RequestProblem) {
    if fields.hasTransferEncoding {
      guard fields.contentLengths.isEmpty, isHTTP11 else { throw .malformed }
      throw .lengthRequired
    }
    let lengths = fields.contentLengths
    guard let text = lengths.first else {
      self = .none
      return
    }
    // Digits and nothing else (RFC 9110, section 8.6), the same ones where it is said twice.
    guard lengths.allSatisfy({ $0 == text }), !text.isEmpty, text.utf8.allSatisfy(\.isDigit)
    else { throw .malformed }
    // A number past all bounds is too large all the same.
    self = .length(Int(text) ?? .max)
  }
}

/// The lines of a head, without their ends.
struct HeadLines {
  private let bytes: UnsafeRawBufferPointer
  private var start = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  mutating func next() -> Slice<UnsafeRawBufferPointer>? {
    guard start < bytes.count, let end = bytes[start...].firstIndex(of: 0x0a) else { return nil }
    defer { start = end + 1 }
    let line = bytes[start..<end]
    return line.last == 0x0d ? line.dropLast() : line
  }
}
