/// Why a stream has no more tokens.
public enum EndReason: String, Sendable, CaseIterable {
  /// Every token of the answer is in the log.
  case complete
  /// Somebody asked for the generation to stop.
  case stopped
  /// Whoever gave the answer could not go on. What had come stays readable.
  case failed
}

/// How an answer ended.
public struct Ending: Hashable, Sendable {
  public var reason: EndReason
  /// Why it failed, in one line that names who did; nil unless it did.
  public var failure: String?
  /// What the source counts; nil where it does not say.
  public var usage: Usage?
  /// The question allowed no more tokens.
  public var isCut: Bool

  public static let complete = Ending(.complete)
  public static let stopped = Ending(.stopped)

  public static func failed(_ words: String) -> Ending { Ending(.failed, failure: words) }

  public init(_ reason: EndReason, failure: String? = nil, usage: Usage? = nil, isCut: Bool = false) {
    self.reason = reason
    self.failure = failure
    self.usage = usage
    self.isCut = isCut
  }

  /// Tokens as a model counts them, of which one chunk may hold several, or none.
  public struct Usage: Hashable, Sendable {
    /// Of the question.
    public var prompt: Int
    /// Of the answer, those of `reasoning` among them.
    public var completion: Int
    /// Those that the model thinks in, and does not say.
    public var reasoning: Int

    public init(prompt: Int, completion: Int, reasoning: Int = 0) {
      self.prompt = prompt
      self.completion = completion
      self.reasoning = reasoning
    }
  }
}
