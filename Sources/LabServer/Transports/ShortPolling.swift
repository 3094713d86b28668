import LWS
import Wire

/// Short polling: the answer is what there is, even if that is nothing.
struct ShortPolling: ServedTransport {
  static let transport = Transport("short-polling", resource: "poll", .pages)

  let place: StartingPlace

  init(_ request: Request) throws(FieldError) {
    place = try StartingPlace(request.query)
  }

  func responder(for reader: StreamReader) -> any Responder {
    let page = reader.tokens.page(from: place.from)
    reader.telemetry.tokensDelivered += page.tokenCount
    return Answer(page.response)
  }
}

/// A poll page ready to be sent, and how many tokens it delivers.
struct PageBytes {
  let response: Response
  let tokenCount: Int

  init(of source: FramedLog, from index: Int) {
    let count = source.count
    let end = Self.end(of: source, from: min(index, count))
    let hasEnded = source.log.hasEnded && end == count
    let tokens = (min(index, count)..<end).map(source.payload)
    let body = PollPage.json(
      tokens: tokens, next: hasEnded ? end : max(index, end), done: hasEnded, ending: source.log.end)
    // As lean as it can be, because it is measured: no browser takes application/json for anything else, so
    // x-content-type-options would add bytes alone.
    let head = ResponseHead(
      status: 200, fields: [("content-type", "application/json"), ("cache-control", "no-store")])
    response = Response(head: head, body: body)
    tokenCount = tokens.count
  }

  /// A page goes into the kernel whole, so that a reader which does not read it costs no more than the kernel
  /// holds; who is far behind gets several.
  private static func end(of source: FramedLog, from start: Int) -> Int {
    var end = start
    var bytes = 0
    while end < source.count {
      bytes += source.payload(end).count + 1
      if bytes > mostBytes, end > start { break }
      end += 1
    }
    return end
  }

  /// Bytes of tokens on a page; one token may be larger.
  static let mostBytes = Session.unsentBytes * 3 / 4
}
