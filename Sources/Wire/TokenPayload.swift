import Answers

/// What travels for one token, the same bytes on every transport: `{"index":0,"token":" text"}`.
public struct TokenPayload: Hashable, Sendable, Codable {
  public var index: Int
  public var token: String

  public init(index: Int, token: String) {
    self.index = index
    self.token = token
  }

  /// - Throws: `DecodingError`, for an index that no answer has too.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(index: try fields.tokens(.index), token: try fields.decode(String.self, forKey: .token))
  }

  /// The JSON text (RFC 8259) in UTF-8. It never holds a line break, so it fits one `data` line.
  public var json: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32 + token.utf8.count)
    bytes.append(json: self)
    return bytes
  }
}

extension [UInt8] {
  /// Appends a token's JSON.
  public mutating func append(json payload: TokenPayload) {
    append(ascii: #"{"index":"#)
    append(decimal: payload.index)
    append(ascii: #","token":"#)
    append(jsonString: payload.token)
    append(UInt8(ascii: "}"))
  }

  /// Appends a token as a line of JSON, which holds no line break.
  public mutating func append(line payload: TokenPayload) {
    append(json: payload)
    append(UInt8(ascii: "\n"))
  }

  /// What each event of a stream begins with: its ID as far as the index.
  /// - Parameter epoch: nil where the ID leaves it out.
  public init(startOfEventsOf epoch: Epoch?) {
    self = Array((epoch.map { "id: \($0):" } ?? "id: ").utf8)
  }

  /// Appends a token as an event, to the byte what `ServerSentEvent.encode` makes of its JSON and its ID. That one
  /// takes any data; this is what every token of an event stream passes through.
  /// - Parameter start: `startOfEventsOf`.
  public mutating func append(event payload: TokenPayload, start: [UInt8]) {
    append(contentsOf: start)
    append(decimal: payload.index)
    append(ascii: "\ndata: ")
    append(json: payload)
    append(ascii: "\n\n")
  }

  mutating func append(ascii text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(decimal number: Int) {
    guard number >= 10 else { return append(UInt8(ascii: "0") + UInt8(number)) }
    append(decimal: number / 10)
    append(UInt8(ascii: "0") + UInt8(number % 10))
  }
}

extension String {
  /// The text as a JSON string.
  package var jsonString: String {
    var bytes: [UInt8] = []
    bytes.append(jsonString: self)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Appends a JSON string: quotes, backslashes and control characters escaped, all else as it is.
  public mutating func append(jsonString text: String) {
    append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        append(UInt8(ascii: "\\"))
        append(byte)
      case UInt8(ascii: "\n"): append(contentsOf: #"\n"#.utf8)
      case UInt8(ascii: "\r"): append(contentsOf: #"\r"#.utf8)
      case UInt8(ascii: "\t"): append(contentsOf: #"\t"#.utf8)
      case 0..<0x20:
        append(contentsOf: #"\u00"#.utf8)
        append(contentsOf: (byte < 0x10 ? "0" : "").utf8)
        append(contentsOf: String(byte, radix: 16).utf8)
      default: append(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }
}
