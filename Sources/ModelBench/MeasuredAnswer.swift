/// What one request saw. Its times are milliseconds since it was written, over a connection that stood.
///
/// A chunk is not a token: a server may put several tokens into one, or send chunks without a text, such as the one that
/// says who speaks. Chunks are what can be timed; how many tokens there were, the server alone can tell.
public struct MeasuredAnswer: Codable, Hashable, Sendable {
  /// When it was written, since the measurement began; nil for a request that no connection was made for.
  public var sentMilliseconds: Double?
  /// When each chunk came that has a text.
  public var textChunkMilliseconds: [Double] = []
  /// When each chunk came that has a choice, with a text or without one.
  public var choiceChunkMilliseconds: [Double] = []
  /// How many tokens the model made, as the server's `usage` tells; nil where it tells nothing.
  public var completionTokens: Int?
  /// Those of them in which the model thought, and which are no text; nil where it thought and the server does not tell.
  public var reasoningTokens: Int?
  /// The share of a person's time that goes by in waiting (`Reading.waitingShare`); nil without a word.
  public var waitingShare: Double?
  /// Why it is no whole answer, in one line.
  public var failure: String?

  public init() {}

  /// How many tokens the text has.
  var textTokens: Int? {
    guard let completionTokens, let reasoningTokens else { return nil }
    // Some servers count the thoughts beside the rest, and not among it.
    let count = reasoningTokens > completionTokens ? completionTokens : completionTokens - reasoningTokens
    return count > 0 ? count : nil
  }

  /// To the first chunk that has a text.
  var timeToFirstToken: Double? { textChunkMilliseconds.first }

  /// To the last chunk that has a text.
  var endToEnd: Double? { textChunkMilliseconds.last }

  /// Between consecutive chunks that have a text; none between those that one read of the socket brought together.
  var interChunkLatencies: [Double] { gaps(textChunkMilliseconds) }

  /// The time from the first text to the last, over the tokens after the first; nil for fewer than two, and where it is not
  /// known how many there are.
  var timePerOutputToken: Double? { time(of: textChunkMilliseconds, perTokenOf: textTokens) }

  /// Between chunks as vLLM's benchmark counts them, which takes every chunk that has a choice for a token.
  var choiceGaps: [Double] { gaps(choiceChunkMilliseconds) }

  /// The time per output token as vLLM's benchmark counts it: of all that the model made.
  var timePerChoiceToken: Double? { time(of: choiceChunkMilliseconds, perTokenOf: completionTokens) }

  private func time(of chunks: [Double], perTokenOf tokens: Int?) -> Double? {
    guard let first = chunks.first, let last = chunks.last, let tokens, tokens > 1 else { return nil }
    return (last - first) / Double(tokens - 1)
  }

  private func gaps(_ times: [Double]) -> [Double] { zip(times, times.dropFirst()).map { $1 - $0 } }
}
