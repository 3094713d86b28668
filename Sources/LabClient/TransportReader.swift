import Answers
import MonotonicTime
import Readings
import Wire

/// A transport among the readers: how it reads a stream. Each has a file of its own in `Transports`, and
/// `readTransports` names them.
///
/// It lives as long as the reading, over one connection after the other, and is a class because what a connection told
/// it is asked for in the midst of its own calls.
protocol TransportReader: AnyObject, SendableMetatype {
  static var transport: Transport { get }
  /// - Parameter generator: what a reader does at a time of its own is drawn from.
  init(_ variant: Variant, _ generator: inout SeededGenerator)
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
  /// For how long the server may rightly be silent while it holds an answer back, beyond what any may.
  var longestHold: Duration { get }
  /// How long to wait before coming back, where the transport itself says so.
  var reconnectionTime: Duration? { get }
  /// What a loss means for who wants to come back, where it means something else on this transport.
  static func meaning(of error: ReadError) -> ReadError.Meaning?
}

extension TransportReader {
  var idleUntil: Instant? { nil }
  var longestHold: Duration { .zero }
  var reconnectionTime: Duration? { nil }
  static func meaning(of error: ReadError) -> ReadError.Meaning? { nil }
}
