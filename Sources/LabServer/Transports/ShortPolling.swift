import LWS
import TokenStream
import Wire

/// Short polling: the answer is what there is, even if that is nothing.
struct ShortPolling {
  static func page(of source: FramedLog, from index: Int) -> PageBytes {
    let count = source.count
    let end = pageEnd(of: source, from: min(index, count))
    let hasEnded = source.log.end != nil && end == count
    let tokens = (min(index, count)..<end).map(source.payload)
    let body = PollPage.json(
      tokens: tokens, next: hasEnded ? end : max(index, end), done: hasEnded, reason: source.log.end)
    // As lean as it can be, because it is measured: no browser takes application/json for anything else, so
    // x-content-type-options would add bytes alone.
    let head = ResponseHead(
      status: 200, fields: [("content-type", "application/json"), ("cache-control", "no-store")])
    return PageBytes(response: Response(head: head, body: body), tokenCount: tokens.count)
  }

  /// A page goes into the kernel whole, so that a reader which does not read it costs no more than the kernel
  /// holds; who is far behind gets several.
  private static func pageEnd(of source: FramedLog, from start: Int) -> Int {
    var end = start
    var bytes = 0
    while end < source.count {
      bytes += source.payload(end).count + 1
      if bytes > pageBytes, end > start { break }
      end += 1
    }
    return end
  }

  /// Bytes of tokens on a page; one token may be larger.
  static let pageBytes = Session.unsentBytes * 3 / 4

  /// A page ready to be sent, and how many tokens it delivers.
  struct PageBytes {
    var response: Response
    var tokenCount: Int
  }

  static func responder(
    _ source: FramedLog, _ reading: Reading, _ telemetry: TransportTelemetry
  ) -> any Responder {
    let page = page(of: source, from: reading.from)
    telemetry.tokensDelivered += page.tokenCount
    return Answer(page.response)
  }
}
