import LWS
import MonotonicTime
import TokenStream
import Wire

/// What the server takes before it refuses. Each is an option of `pushlab serve`.
public struct Limits: Sendable {
  /// What it takes from connections, whatever they ask for.
  public var connection = ConnectionLimits()
  /// Bytes of a request's body; more is answered with 413.
  public var bodyBytes = 65_536
  /// Bytes of a prompt in UTF-8; more is answered with 413, or 414 where it stands in the query.
  public var promptBytes = 8_192
  /// Pieces of about four characters in an answer, its tokens times their size; more is answered like
  /// a prompt that is too long.
  public var answerPieces = 1_000_000
  /// Bytes of a WebSocket message; more closes the connection with 1009.
  public var messageBytes = 1 << 20
  /// Streams held at a time, finished ones included until they expire; more are answered with 503.
  public var streams = 20_000
  /// Pieces of the answers of all these streams together, whether they are generated already or not; of one that was
  /// stopped, only those that are written. More are answered with 503.
  public var heldPieces = 8_000_000
  /// How long nobody may read a stream before its generation is stopped; it takes up to twice as long to be seen.
  public var unreadTime = Duration.seconds(120)
  /// Long polls held at a time; more are answered with 503.
  public var heldPolls = 20_000
  /// How far a reader may fall behind a stream that it had caught up with, in tokens; then it is told so and
  /// dropped.
  public var lagTokens = 5_000
  /// How long a finished stream can still be read.
  public var retention = Duration.seconds(60)
  /// How long an event stream is silent before it gets a comment, so that its reader, and whoever stands
  /// between, knows that it lives (WHATWG HTML, section 9.2.7).
  public var heartbeat = Duration.seconds(15)

  /// What streams ask of those who pass them on.
  public var forwardingHints = ForwardingHints.accelBuffering

  /// How tokens are gathered before readers see them; those that one reader gets together then leave in one write. Nil sends
  /// each token at its instant, in a write of its own.
  public var batching: Batching?

  public init() {}
}

extension Limits {
  /// What is asked, as long as the server takes it upon itself.
  /// - Throws: `FieldError` with what is wrong or too large.
  func asking(json body: [UInt8]) throws(FieldError) -> Asking {
    try admit(QuestionFields.asking(json: body, promptLimit: promptBytes))
  }

  /// The same of the parameters of a query.
  /// - Throws: `FieldError`.
  func asking(query: [(name: String, value: String)]) throws(FieldError) -> Asking {
    try admit(QuestionFields.asking(query: query, promptLimit: promptBytes))
  }

  private func admit(_ asking: Asking) throws(FieldError) -> Asking {
    guard asking.question.pieceCount <= answerPieces else {
      throw FieldError("'tokens' times 'size' is more than \(answerPieces)", isTooLarge: true)
    }
    return asking
  }
}
