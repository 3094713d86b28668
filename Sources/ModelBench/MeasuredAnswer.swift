/// What one request saw. Its times are milliseconds since its head was written, over a connection that stood.
///
/// A chunk is not a token: a server may put several tokens into one, or send chunks without a text, such as the one that
/// says who speaks. Chunks are what can be timed; how many tokens there were, the server alone can tell.
public struct MeasuredAnswer: Codable, Hashable, Sendable {
  /// When it was sent, since the first that counts.
  public var sentMilliseconds: Double
  /// When each chunk came that has a text.
  public var textChunks: [Double] = []
  /// When each chunk came that has a choice, with a text or without one.
  public var choiceChunks: [Double] = []
  /// How many tokens the answer's text has, as the server's `usage` tells; nil where it tells nothing.
  public var tokens: Int?
  /// The share of a person's time that goes by in waiting (`Reading.waitingShare`).
  public var waitingShare: Double?
  /// Why it is no whole answer, in one line.
  public var failure: String?

  public init(sentMilliseconds: Double) {
    self.sentMilliseconds = sentMilliseconds
  }

  /// To the first chunk that has a text.
  var timeToFirstToken: Double? { textChunks.first }

  /// To the last chunk that has a text.
  var endToEnd: Double? { textChunks.last }

  /// Between consecutive chunks that have a text; those that one read of the socket brought together have none between
  /// them.
  var interChunkLatencies: [Double] { gaps(textChunks) }

  /// The time from the first text to the last, over the tokens after the first; nil for fewer than two tokens, and where
  /// the server does not tell how many there are.
  var timePerOutputToken: Double? {
    guard let first = textChunks.first, let last = textChunks.last else { return nil }
    return perToken(last - first)
  }

  /// Between chunks as vLLM's benchmark counts them, which takes every chunk that has a choice for a token.
  var choiceGaps: [Double] { gaps(choiceChunks) }

  /// The time per output token from and to a chunk with a choice.
  var timePerChoiceToken: Double? {
    guard let first = choiceChunks.first, let last = choiceChunks.last else { return nil }
    return perToken(last - first)
  }

  private func perToken(_ time: Double) -> Double? {
    tokens.flatMap { $0 > 1 ? time / Double($0 - 1) : nil }
  }

  private func gaps(_ times: [Double]) -> [Double] { zip(times, times.dropFirst()).map { $1 - $0 } }
}
