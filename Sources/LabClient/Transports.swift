import MonotonicTime
import TokenStream
import Wire

/// How one transport reads a stream. It lives as long as the reading, over one connection after the other, and
/// is a class because what a connection told it is asked for in the midst of its own calls.
protocol TransportReader: AnyObject {
  /// Sends the first request on a connection.
  func begin(in conversation: Conversation, from index: Int)
  /// The answer's head came.
  func received(_ head: ReceivedHead, in conversation: Conversation)
  /// A run of the answer's body came; its bytes are valid only meanwhile.
  func received(_ body: UnsafeRawBufferPointer, in conversation: Conversation)
  /// The answer is whole.
  func answerEnded(in conversation: Conversation)
  /// When the next request is planned, while no answer is due; nil while one is.
  var idleUntil: Instant? { get }
  /// How long to wait before coming back, where the transport itself says so.
  var reconnectionTime: Duration? { get }
}

extension TransportReader {
  var idleUntil: Instant? { nil }
  var reconnectionTime: Duration? { nil }
}

/// The four ways to read a log, by name; each has its own file.
enum Transports {
  /// - Parameter generator: what a reader does at a time of its own is drawn from.
  static func reader(for variant: Variant, _ generator: inout SeededGenerator) -> any TransportReader {
    switch variant.transport {
    case .shortPolling:
      ShortPolling(interval: variant.pollInterval, phase: Double.random(in: 0..<1, using: &generator))
    case .longPolling: LongPolling(wait: variant.wait)
    case .serverSentEvents: ServerSentEvents()
    case .webSocket: WebSocket()
    }
  }
}
