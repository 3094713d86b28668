import MonotonicTime

/// An answer that was given before, told again with the pace that it had, whatever is asked.
public struct RecordedAnswer: AnswerSource, Hashable {
  public let trace: Trace
  public let foretold: Foretold

  public init(_ trace: Trace) {
    self.trace = trace
    var digest = Digest(of: "trace")
    for token in trace.tokens { digest.add(token.text) }
    foretold = Foretold(
      epoch: Epoch(rawValue: digest.value), tokenCount: trace.tokens.count,
      pieceCount: trace.tokens.reduce(0) { $0 + $1.text.pieceCount })
  }

  public var model: String { "recorded-answer" }
  public var name: String { "recorded answer: \(trace.origin)" }

  public func foretold(_ question: Question) -> Foretold? { foretold }

  public func offsets(of question: Question) -> [Duration] { trace.tokens.map(\.offset) }

  public func begin(
    _ question: Question, at start: Instant, whenMore: @escaping @Sendable () -> Void
  ) -> any AnswerTokens {
    Tokens(rest: trace.tokens[...])
  }

  private struct Tokens: AnswerTokens {
    var rest: ArraySlice<Trace.Token>

    mutating func next() -> NextToken {
      guard let token = rest.popFirst() else { return .end(.complete) }
      return .token(token.text, at: token.offset)
    }
  }
}
