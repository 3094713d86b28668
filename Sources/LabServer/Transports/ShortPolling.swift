import LWS
import TokenStream
import Wire

/// Short polling: the answer is what there is, even if that is nothing.
struct ShortPolling {
  /// Bytes of tokens after which a page ends. A page is made whole and kept until it is taken, so what a reader
  /// that does not read may cost depends on it.
  static let pageBytes = 65_536

  static func page(of source: FramedLog, from index: Int) -> PageBytes {
    let start = min(index, source.count)
    var end = start
    var room = pageBytes
    while end < source.count, room > 0 {
      room -= source.payload(end).count
      end += 1
    }
    let isDone = source.log.end != nil && end == source.count
    let body = PollPage.json(
      tokens: (start..<end).lazy.map(source.payload), next: isDone ? end : max(index, end), done: isDone,
      reason: source.log.end)
    return PageBytes(response: .json(200, body, [("cache-control", "no-store")]), tokenCount: end - start)
  }

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
