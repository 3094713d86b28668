import LWS
import TokenStream
import Wire

/// HTTP streaming (RFC 6202, section 3): one response, one line of JSON a token, then `done`. A line is what a WebSocket's
/// message is.
struct HTTPStreaming: ServedTransport {
  static let transport = Transport("http-streaming", resource: "lines", .stream)

  let place: StartingPlace

  init(_ request: Request) throws(FieldError) {
    place = try StartingPlace(request.query)
  }

  func responder(for reader: StreamReader) -> any Responder {
    TokenBody(reader, from: place.from, .line, Self.form)
  }
}

extension HTTPStreaming: ChatTransport {
  static let mediaType = StreamMessage.linesMediaType
  static let head = ResponseHead.stream(of: mediaType)

  static func chat(for reader: StreamReader, from index: Int, keeping lease: Lease) -> any Responder {
    let started = StreamMessage.started(StreamStarted(reader.stream.live)).line
    return TokenBody(reader, from: index, .line, form, greeting: started, keeping: lease)
  }
}

extension HTTPStreaming {
  /// An empty line is what readers pass over.
  private static let form = TokenBody.Form(
    head: head, sign: Array("\n".utf8),
    farewell: { source in StreamMessage.done(source.done).line },
    dismissal: { cursor in StreamMessage.error(cursor.lagText).line })
}

extension Framing {
  /// A token as a line.
  fileprivate static let line = Framing(.body) { bytes, token, _ in bytes.append(line: token) }
}

extension StreamMessage {
  /// Its JSON holds no line break.
  fileprivate var line: [UInt8] { json + [UInt8(ascii: "\n")] }
}
