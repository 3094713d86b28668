import MonotonicTime

/// The laboratory's own source: a text and a pace that are pure functions of the question.
public struct SeededScript: AnswerSource {
  public init() {}

  public var name: String { "seeded script" }
  public var model: String { "seeded-script" }

  public func foretold(_ question: Question) -> Foretold? {
    Foretold(epoch: question.epoch, tokenCount: question.tokenCount, pieceCount: question.pieceCount)
  }

  public func offsets(of question: Question) -> [Duration] { question.offsets }

  public func begin(
    _ question: Question, at start: Instant, whenMore: @escaping @Sendable () -> Void
  ) -> any AnswerTokens {
    Tokens(script: Script(question), schedule: Schedule(question))
  }

  private struct Tokens: AnswerTokens {
    var script: Script
    var schedule: Schedule

    mutating func next() -> NextToken {
      // A schedule has no end.
      guard let text = script.next(), let offset = schedule.next() else { return .end(.complete) }
      return .token(text, at: offset)
    }
  }
}
