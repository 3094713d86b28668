import Answers
import MonotonicTime
import Wire

/// What all servers are given alike: so many readers, and when which token is meant to come to each.
public struct Load: Sendable {
  public enum Shape: String, CaseIterable, Codable, Sendable {
    /// One stream that all read: its tokens fall due for everybody in the same instant.
    case fanOut = "fan-out"
    /// A stream for each reader, their phases spread evenly over one gap.
    case chat
  }

  var shape: Shape
  var readers: Int
  /// Between two tokens of a stream.
  var gap: Duration
  /// Of a stream.
  var tokens: Int
  /// The tokens whose delay counts: those before them warm up.
  var measured: Range<Int>
  /// Between two questions of a reader that polls.
  var pollInterval: Duration
  /// When the first token of the first reader is meant to come.
  var first = Instant.now

  /// When a reader's first token is meant to come.
  func first(of reader: Int) -> Instant {
    guard shape == .chat else { return first }
    return first.advanced(by: .nanoseconds(gap.inNanoseconds * Int64(reader) / Int64(readers)))
  }

  /// When the last token of all is meant to come, and no reader's later.
  var last: Instant { first.advanced(by: gap * tokens) }

  /// The answer that everybody reads.
  var question: Question {
    Question(
      prompt: "bench", tokenCount: tokens,
      pacing: Pacing(think: .zero, rate: 1 / gap.inSeconds, jitter: 0))
  }

  /// Its tokens as they travel.
  var payloads: [[UInt8]] {
    zip(0..., Script(question)).map { TokenPayload(index: $0, token: $1).json }
  }
}
