import NIOCore
import NIOHTTP1
import Wire

/// How one transport reads a stream over a conversation's connection.
protocol TransportReader {
  /// Sends the first request.
  mutating func begin(in conversation: Conversation, from index: Int)
  /// Understands a part of an answer.
  mutating func received(_ part: HTTPClientResponsePart, in conversation: Conversation)
}

/// The four ways to read a log, by name; each has its own file.
enum Transports {
  static func reader(for variant: Variant) -> any TransportReader {
    switch variant.transport {
    case .shortPolling: ShortPolling(interval: variant.pollInterval)
    case .longPolling: LongPolling(wait: variant.wait)
    case .serverSentEvents: ServerSentEvents()
    case .webSocket: WebSocket()
    }
  }
}
