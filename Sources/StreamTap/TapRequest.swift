/// What is asked for.
public struct TapRequest: Sendable {
  public var target: TapTarget
  /// Fields beside those that every request has; one of the same name stands in its place.
  public var fields: [(name: String, value: String)] = []
  /// Sent with POST; nil asks with GET.
  public var body: [UInt8]?

  public init(_ target: TapTarget) {
    self.target = target
  }

  /// Adds a field as it is written on a command line, `Name: value`.
  /// - Throws: `TapError.header`.
  public mutating func add(header text: String) throws(TapError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let isToken = parts[0].utf8.allSatisfy { byte in
      // The characters of a token (RFC 9110, section 5.6.2).
      (0x21...0x7e).contains(byte) && !#""(),/:;<=>?@[\]{}"#.utf8.contains(byte)
    }
    let isLine = !text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7f }
    guard parts.count == 2, !parts[0].isEmpty, isToken, isLine else { throw .header(text) }
    guard !target.isWebSocket || parts[0].lowercased() != "sec-websocket-key" else { throw .header(text) }
    let value = parts[1].drop { $0 == " " }
    fields.append((String(parts[0]), String(value)))
  }

  /// Those of a WebSocket that it asks for itself.
  var subprotocols: [String] {
    fields.filter { $0.name.lowercased() == "sec-websocket-protocol" }
      .flatMap { $0.value.split(separator: ",") }.map { $0.filter { $0 != " " }.lowercased() }
  }

  /// The head through its empty line.
  /// - Parameter handshake: the fields that open a WebSocket.
  func head(_ handshake: [(String, String)] = []) -> String {
    var all: [(String, String)] = [("Host", target.hostField)]
    if handshake.isEmpty { all.append(("Accept", "text/event-stream, application/x-ndjson, */*")) }
    // Without the field any coding would do (RFC 9110, section 12.5.3).
    all.append(("Accept-Encoding", "identity"))
    if let body {
      all.append(("Content-Type", "application/json"))
      all.append(("Content-Length", String(body.count)))
    }
    all += handshake
    let own = Set(fields.map { $0.name.lowercased() })
    all = all.filter { !own.contains($0.0.lowercased()) } + fields.map { ($0.name, $0.value) }
    let method = body == nil ? "GET" : "POST"
    return "\(method) \(target.path) HTTP/1.1\r\n" + all.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
  }
}
