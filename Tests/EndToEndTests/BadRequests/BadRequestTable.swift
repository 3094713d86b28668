/// What the server gets that it should not, and what it answers.
///
/// Every head, first or later, is judged by the same rule, and every refusal has words. On a WebSocket libwebsockets
/// 4.1.6 reads alone: what it cannot take it refuses by itself, sometimes without a word, and what it does take we
/// cannot tell from what is in order.
enum BadRequestTable {
  static let all =
    notHTTP + lines + fields + targets + lengths + bodies + parameters + sockets + manners + later

  static let notHTTP: [BadRequest] = [
    BadRequest("noise", [.bytes([0x7f, 0x45, 0x4c, 0x46, 0, 0xff, 0xfe])], .status(400)),
    BadRequest(
      "the hello of TLS", [.bytes([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3] + (0..<64).map { $0 })],
      .status(400)),
    BadRequest("the preface of HTTP/2", raw: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .status(505)),
    BadRequest("HTTP/0.9", raw: "GET /\r\n", .status(400)),
    BadRequest("JSON", raw: #"{"prompt":"a"}"#, .status(400)),
    BadRequest("SSH", raw: "SSH-2.0-OpenSSH_9.2\r\n", .status(400)),
    BadRequest("frames without a handshake", [.bytes(frame(1, "hello"))], .status(400)),
    BadRequest(
      "two empty lines first", raw: "\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", .status(200)),
    // RFC 9112, section 2.2.
    BadRequest(
      "one empty line first", raw: "\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", .status(200)),
  ]

  static let lines: [BadRequest] = [
    BadRequest("HTTP/3.0", "GET / HTTP/3.0", .status(505)),
    // RFC 9110, section 2.5.
    BadRequest("HTTP/1.2", "GET /healthz HTTP/1.2", .status(200)),
    BadRequest("the version in lower case", "GET / http/1.1", .status(400)),
    BadRequest("a method nobody knows", "BREW /pot HTTP/1.1", .status(501)),
    BadRequest("a method in lower case", "get / HTTP/1.1", .status(501)),
    BadRequest("a method without end", raw: String(repeating: "G", count: 100), .status(400)),
    BadRequest(
      "a method that the path does not take", "PUT /streams HTTP/1.1", fields: "Content-Length: 0\r\n",
      .status(405)),
    BadRequest("two blanks", "GET  / HTTP/1.1", .status(400)),
    BadRequest("a blank in the target", "GET /a b HTTP/1.1", .status(400)),
    BadRequest("a line that is too long", "GET /\(long(13_000)) HTTP/1.1", .status(414)),
    BadRequest("a line that is too long and has no end", raw: "GET /\(long(13_000))", .status(414)),
  ]

  static let fields: [BadRequest] = [
    BadRequest("a head that is too large", fields: "Padding: \(long(20_000))\r\n", .status(431)),
    BadRequest("too many fields", fields: (0..<80).map { "X\($0): a\r\n" }.joined(), .status(431)),
    BadRequest("NUL in a field", fields: "Padding: a\u{0}b\r\n", .status(400)),
    BadRequest("a carriage return in a field", fields: "Padding: a\rb\r\n", .status(400)),
    // RFC 9112, section 5.2.
    BadRequest("a field that is folded", fields: "Padding: a\r\n b\r\n", .status(400)),
    BadRequest("a blank before the colon", fields: "Padding : a\r\n", .status(400)),
    BadRequest("a field without a colon", fields: "Padding\r\n", .status(400)),
    BadRequest("a field without a name", fields: ": a\r\n", .status(400)),
    BadRequest("a field that begins the name of a known one", fields: "A: b\r\n", .status(200)),
    BadRequest("an expectation nobody knows", fields: "Expect: a-coffee\r\n", .status(417)),
    // RFC 9112, section 3.2.
    BadRequest("two hosts", fields: "Host: other\r\n", .status(400)),
    BadRequest("no host", raw: "GET /healthz HTTP/1.1\r\n\r\n", .status(400)),
    // RFC 9110, section 7.8.
    BadRequest(
      "an upgrade to HTTP/2",
      fields: "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n",
      .status(200)),
  ]

  static let targets: [BadRequest] = [
    // RFC 9112, section 3.2.
    BadRequest("a whole URI", "GET http://localhost/healthz HTTP/1.1", .status(200)),
    BadRequest("a whole URI of another host", "GET http://other.example/healthz HTTP/1.1", .status(421)),
    BadRequest("a whole URI of another scheme", "GET ftp://localhost/healthz HTTP/1.1", .status(400)),
    BadRequest("an asterisk", "OPTIONS * HTTP/1.1", .status(204)),
    BadRequest("an asterisk that is asked for", "GET * HTTP/1.1", .status(400)),
    BadRequest(
      "1,000 parameters", "GET /healthz?\((0..<1_000).map { "a\($0)=b" }.joined(separator: "&")) HTTP/1.1",
      .status(200)),
    BadRequest("an authority", "CONNECT localhost:1 HTTP/1.1", .status(400)),
    BadRequest("a target without a slash", "GET healthz HTTP/1.1", .status(400)),
    BadRequest("an escape that is none", "GET /%zz HTTP/1.1", .status(400)),
    BadRequest("half an escape", "GET /%4 HTTP/1.1", .status(400)),
    BadRequest("NUL", "GET /index.html%00.js HTTP/1.1", .status(404)),
    BadRequest("a path that is not UTF-8", "GET /%ff%fe HTTP/1.1", .status(400)),
    BadRequest("a query that is not UTF-8", "GET /healthz?a=%c3%28 HTTP/1.1", .status(400)),
    BadRequest(
      "bare bytes above ASCII",
      [.bytes(Array("GET /".utf8) + [0xff, 0xfe] + Array(" HTTP/1.1\r\n\r\n".utf8))], .status(400)),
    BadRequest("the way out", "GET /../Package.swift HTTP/1.1", .status(404)),
    BadRequest("the way out in escapes", "GET /%2e%2e/Package.swift HTTP/1.1", .status(404)),
    BadRequest("the way out with a slash in escapes", "GET /..%2fPackage.swift HTTP/1.1", .status(404)),
    BadRequest("the way out, escaped twice", "GET /%252e%252e/Package.swift HTTP/1.1", .status(404)),
    BadRequest("the way out with backslashes", "GET /..%5cPackage.swift HTTP/1.1", .status(404)),
    BadRequest(
      "a path of many parts", "GET /\(String(repeating: "a/", count: 4_000)) HTTP/1.1", .status(404)),
    BadRequest("nothing at the path", "GET /nowhere HTTP/1.1", .status(404)),
  ]

  // RFC 9112, section 6.3: what one reads as a length and another does not is how requests are smuggled.
  static let lengths: [BadRequest] = [
    post("a negative length", "Content-Length: -5", .status(400)),
    post("a length with a sign", "Content-Length: +5", .status(400)),
    post("a huge length", "Content-Length: 99999999999999999999999", .status(413)),
    post("a length over the limit", "Content-Length: 65537", .status(413)),
    post("a length that is no number", "Content-Length: five", .status(400)),
    post("a length in hexadecimal", "Content-Length: 0x5", .status(400)),
    post("two lengths", "Content-Length: 5\r\nContent-Length: 6", .status(400)),
    post("two lengths in one that differ", "Content-Length: 5, 6", .status(400)),
    post("one length said twice", "Content-Length: 5, 5", .status(400)),
    post("no length, and so no body", "Padding: a", body: "", .status(400)),
    post("length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked", .status(400)),
    post("chunks", "Transfer-Encoding: chunked", body: "5\r\nhello\r\n0\r\n\r\n", .status(411)),
    post("another coding", "Transfer-Encoding: gzip, chunked", .status(411)),
    BadRequest(
      "chunks where no body belongs", fields: "Transfer-Encoding: chunked\r\n", body: "0\r\n\r\n",
      .status(411)),
    post("a body shorter than its length", "Content-Length: 100", .status(408), isSlow: true),
    BadRequest(
      "a head that does not end", raw: "GET /healthz HTTP/1.1\r\nHost: lo", .status(408), isSlow: true),
  ]

  static let bodies: [BadRequest] = [
    BadRequest("10,000 levels of brackets", json: nested(10_000), .status(400)),
    BadRequest("400 levels of brackets", json: #"{"prompt":\#(nested(400))}"#, .status(400)),
    BadRequest(
      "a number of 60,000 digits", json: #"{"prompt":"a","seed":\#(String(repeating: "9", count: 60_000))}"#,
      .status(400)),
    BadRequest(
      "a number of 60,000 decimals",
      json: #"{"prompt":"a","rate":0.\#(String(repeating: "1", count: 60_000))}"#, .status(201)),
    BadRequest("an exponent of ten digits", json: #"{"prompt":"a","rate":1e9999999999}"#, .status(400)),
    BadRequest("a key twice: the first counts", json: #"{"prompt":"a","seed":1,"seed":-2}"#, .status(201)),
    BadRequest("half a surrogate pair", json: #"{"prompt":"\ud800"}"#, .status(400)),
    BadRequest("NaN", json: #"{"prompt":"a","rate":NaN}"#, .status(400)),
    BadRequest("Infinity", json: #"{"prompt":"a","rate":Infinity}"#, .status(400)),
    BadRequest("NUL in JSON", json: "{\"prompt\":\"a\u{0}\"}", .status(400)),
    BadRequest("text behind JSON", json: #"{"prompt":"a"} and more"#, .status(400)),
    BadRequest("a field nobody knows", json: #"{"prompt":"a","tokenz":1}"#, .status(400)),
    BadRequest("a field of another type", json: #"{"prompt":["a"]}"#, .status(400)),
    BadRequest("an index past the end", json: #"{"prompt":"a","tokens":7,"from":8}"#, .status(400)),
    BadRequest("an index below zero", json: #"{"prompt":"a","from":-1}"#, .status(400)),
    BadRequest("another answer's epoch", json: #"{"prompt":"a","epoch":"0123456789abcdef"}"#, .status(409)),
    BadRequest("a prompt that is too long", json: #"{"prompt":"\#(long(9_000))"}"#, .status(413)),
    BadRequest(
      "an answer that is too long", json: #"{"prompt":"a","tokens":100000,"size":1000,"from":100000}"#,
      .status(413)),
  ]

  static let parameters: [BadRequest] = [
    read("poll?from=-1", .status(400)), read("poll?from=1e3", .status(400)),
    read("poll?from=9223372036854775808", .status(400)), read("poll?from=9223372036854775807", .status(200)),
    read("long-poll?wait=NaN", .status(400)), read("long-poll?wait=-0.1", .status(400)),
    read("long-poll?wait=1e400", .status(400)), read("events?from=x", .status(400)),
    read("poll?epoch=0123456789abcdef", .status(409)), read("pigeon", .status(404)),
    BadRequest("no such stream", "GET /streams/0123456789abcdef/poll HTTP/1.1", .status(404)),
    BadRequest("no stream's name", "GET /streams/../../etc/passwd HTTP/1.1", .status(404)),
    // Whom 204 tells to stop, a browser does not come back (WHATWG HTML, section 9.2.3).
    events("NUL", "a\u{0}b", .status(400)), events("a carriage return", "a\rb", .status(400)),
    events("10,000 bytes", long(10_000), .status(204)), events("nonsense", "nonsense", .status(204)),
    events("an index past all bounds", "0123456789abcdef:9223372036854775807", .status(204)),
    events("another answer", "0123456789abcdef:1", .status(204)),
    BadRequest("a chat without a prompt", "GET /chat-stream HTTP/1.1", .status(400)),
    BadRequest("a chat with a wrong rate", "GET /chat-stream?prompt=a&rate=nan HTTP/1.1", .status(400)),
    BadRequest(
      "a chat that is too long", "GET /chat-stream?prompt=a&tokens=100000&size=1000 HTTP/1.1", .status(414)),
  ]

  static let sockets: [BadRequest] = [
    BadRequest("a WebSocket's path without an upgrade", "GET /echo HTTP/1.1", .status(426)),
    upgrade("a WebSocket where there is none", "/healthz", .status(404)),
    upgrade("a version of WebSocket before 13", "/echo", version: "12", .status(426)),
    upgrade("a version of WebSocket that is no number", "/echo", version: "x", .status(426)),
    upgrade("no key", "/echo", key: "", .status(400)),
    upgrade("a key of the wrong length", "/echo", key: "YQ==", .status(400)),
    upgrade("a WebSocket with a wrong parameter", "/streams/STREAM/socket?from=-1", .status(400)),
    BadRequest("a WebSocket of no stream", [.openSocket("/streams/0123456789abcdef/socket")], .close(4_404)),
    BadRequest(
      "a chat that is no JSON", [.openSocket("/chat-socket"), .bytes(frame(1, "hello"))], .close(1_008)),
    BadRequest(
      "a chat with an index past all bounds",
      [.openSocket("/chat-socket"), .bytes(frame(1, #"{"prompt":"a","from":1e300}"#))],
      .close(1_008)),
    // RFC 6455, section 5.
    BadRequest(
      "a frame without a mask", frames: [0x81, 5] + Array("hello".utf8),
      .echoed(because: "libwebsockets does not ask for a mask, nor tell")),
    BadRequest("a reserved bit", frames: frame(0x41, "hello"), .close(1_002)),
    BadRequest("a reserved opcode", frames: frame(3, "hello"), .close(1_002)),
    BadRequest("a reserved control opcode", frames: frame(11, "hello"), .close(1_002)),
    BadRequest(
      "a ping of 126 bytes", frames: frame(9, String(repeating: "a", count: 126)),
      .withoutAWord(because: "libwebsockets ends it so")),
    BadRequest("a ping in fragments", frames: frame(9, "hello", isLast: false), .close(1_002)),
    BadRequest("a continuation of nothing", frames: frame(0, "hello"), .close(1_002)),
    BadRequest(
      "a message within another", frames: frame(1, "hel", isLast: false) + frame(1, "lo"), .close(1_002)),
    BadRequest("text that is not UTF-8", frames: frame(1, [0xc3, 0x28]), .close(1_007)),
    BadRequest("text that ends within a character", frames: frame(1, [0xf0, 0x9f]), .close(1_007)),
    BadRequest(
      "a length of 2^63", frames: [0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + [1],
      .withoutAWord(because: "libwebsockets ends it so")),
    BadRequest(
      "a length of 2^63 - 1",
      frames: [0x82, 0xff, 0x7f] + [UInt8](repeating: 0xff, count: 7) + [0, 0, 0, 0, 1], .close(1_009)),
    BadRequest(
      "a message that is too large", frames: frame(2, [UInt8](repeating: 0, count: 5_000)), .close(1_009)),
    BadRequest(
      "a message that is too large, in fragments",
      frames: frame(2, [UInt8](repeating: 0, count: 3_000), isLast: false)
        + frame(0, [UInt8](repeating: 0, count: 3_000)),
      .close(1_009)),
    BadRequest("a close code that nobody may send", frames: frame(8, [0x03, 0xed]), .close(1_002)),
    // Registered since (RFC 6455, section 11.7).
    BadRequest("a close of a service that restarts", frames: frame(8, [0x03, 0xf4]), .close(1_002)),
    BadRequest(
      "a length that is longer than it need be",
      frames: [0x81, 0xfe, 0, 5, 0, 0, 0, 0] + Array("hello".utf8),
      .echoed(because: "libwebsockets takes any of the three forms")),
    BadRequest("a close of one byte", frames: frame(8, [3]), .close(1_002)),
    BadRequest("a close code past all that are defined", frames: frame(8, [0x13, 0x88]), .close(1_002)),
    BadRequest("a close code of 0", frames: frame(8, [0, 0]), .close(1_002)),
    BadRequest("a close without a code", frames: frame(8, []), .closeWithoutCode),
    BadRequest("a close of an application", frames: frame(8, [0x0f, 0xa0]), .close(4_000)),
    BadRequest(
      "a close whose reason is not UTF-8", frames: frame(8, [0x03, 0xe8, 0xff]), .close(1_007)),
    BadRequest("text behind the close", frames: frame(8, [0x03, 0xe8]) + frame(1, "hello"), .close(1_000)),
  ]

  static let manners: [BadRequest] = [
    BadRequest(
      "one byte at a time", [.byteByByte("GET /healthz HTTP/1.1\r\nHost: localhost\r\nPadding: a\r\n\r\n")],
      .status(200)),
    BadRequest("nothing, and the end", [.endSending], .withoutAWord(because: "nothing was asked")),
    BadRequest(
      "half a head, and the end", [.bytes(Array("GET / HTTP/1.1\r\nHo".utf8)), .endSending], .status(400)),
    BadRequest(
      "a head, and the end",
      [.bytes(Array("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)), .endSending],
      .status(200)),
    BadRequest(
      "half a body, and the end",
      [
        .bytes(Array("POST /streams HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{".utf8)),
        .endSending,
      ],
      .status(400)),
    BadRequest("half a head, and a reset", [.bytes(Array("GET / HTTP/1.1\r\nHo".utf8)), .reset], .none),
    BadRequest(
      "half a body, and a reset",
      [
        .bytes(Array("POST /streams HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{".utf8)),
        .reset,
      ], .none
    ),
    BadRequest(
      "a held poll, and a reset",
      [.bytes(Array("GET /streams/STREAM/long-poll HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)), .reset], .none
    ),
    BadRequest("a WebSocket, and a reset", [.openSocket("/echo"), .reset], .none),
    BadRequest(
      "half a frame, and a reset", [.openSocket("/echo"), .bytes([0x81, 0x85, 0, 0]), .reset], .none),
    BadRequest(
      "half a handshake, and a reset",
      [.bytes(Array(BadRequest.handshake("/echo").utf8.prefix(60))), .reset], .none),
    // RFC 9112, section 9.3.2.
    BadRequest(
      "requests behind one that is held",
      raw: String(
        repeating: "GET /streams/STREAM/long-poll?wait=0.1 HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 3),
      .status(200)),
  ]

  static let later: [BadRequest] = [
    BadRequest("later noise", kept: "\u{1}\u{2}\r\n\r\n", .status(400)),
    BadRequest(
      "a later empty line", kept: "\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", .status(200)),
    BadRequest(
      "a later method nobody knows", kept: "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", .status(501)),
    BadRequest(
      "a later head that is too large",
      kept: "GET /healthz HTTP/1.1\r\nHost: localhost\r\nPadding: \(long(30_000))\r\n\r\n", .status(431)),
    BadRequest(
      "a later whole URI", kept: "GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
      .status(200)),
    BadRequest(
      "later two hosts", kept: "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n", .status(400)),
    BadRequest(
      "later two lengths",
      kept:
        "POST /streams HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
      .status(400)),
    BadRequest(
      "a later length and chunks",
      kept:
        "POST /streams HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      .status(400)),
    BadRequest(
      "a later path that is not UTF-8", kept: "GET /%ff%fe HTTP/1.1\r\nHost: localhost\r\n\r\n", .status(400)),
    BadRequest(
      "a later head that does not end", kept: "GET /healthz HTTP/1.1\r\nHo", .status(408), isSlow: true),
    BadRequest(
      "a later WebSocket where there is none",
      kept: BadRequest.handshake("/healthz"), .status(404)),
    BadRequest(
      "a later WebSocket without a key", kept: BadRequest.handshake("/echo").replacing("-Key", with: "-Kex"),
      .status(400)),
  ]

  private static func long(_ count: Int) -> String { String(repeating: "a", count: count) }

  private static func nested(_ levels: Int) -> String {
    String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
  }

  private static func post(
    _ name: String, _ field: String, body: String = "hello", _ answer: BadRequest.Answer, isSlow: Bool = false
  ) -> BadRequest {
    BadRequest(name, "POST /streams HTTP/1.1", fields: "\(field)\r\n", body: body, answer, isSlow: isSlow)
  }

  private static func read(_ resource: String, _ answer: BadRequest.Answer) -> BadRequest {
    BadRequest(resource, "GET /streams/STREAM/\(resource) HTTP/1.1", answer)
  }

  private static func events(_ name: String, _ id: String, _ answer: BadRequest.Answer) -> BadRequest {
    BadRequest(
      "a last event ID: \(name)", "GET /streams/STREAM/events HTTP/1.1", fields: "Last-Event-ID: \(id)\r\n",
      answer)
  }

  private static func upgrade(
    _ name: String, _ path: String, version: String = "13", key: String = "dGhlIHNhbXBsZSBub25jZQ==",
    _ answer: BadRequest.Answer
  ) -> BadRequest {
    let key = key.isEmpty ? "" : "Sec-WebSocket-Key: \(key)\r\n"
    return BadRequest(
      name, "GET \(path) HTTP/1.1",
      fields: "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: \(version)\r\n\(key)",
      answer)
  }

  private static func frame(_ opcode: UInt8, _ text: String, isLast: Bool = true) -> [UInt8] {
    frame(opcode, Array(text.utf8), isLast: isLast)
  }

  /// A masked frame, its mask all zeros.
  private static func frame(_ opcode: UInt8, _ payload: [UInt8], isLast: Bool = true) -> [UInt8] {
    SocketPeer.frame(opcode: opcode, payload, isLast: isLast)
  }
}
