import MonotonicTime

/// Where a server's answers come from. Each source has a file of its own; the log, the transports and the readers know
/// nothing of it.
public protocol AnswerSource: Sendable {
  /// What answers, in a few words for people.
  var name: String { get }
  /// How clients of the OpenAI interface name it.
  var model: String { get }
  /// What is known of an answer before it is given; nil where the question does not determine it. Only what is foretold can
  /// be asked anew from another server, or from this one after its restart.
  func foretold(_ question: Question) -> Foretold?
  /// When the tokens of a foretold answer are due, as times since it began; empty where nothing is foretold.
  func offsets(of question: Question) -> [Duration]
  /// Begins an answer.
  /// - Parameters:
  ///   - start: the instant from which its tokens' times count.
  ///   - whenMore: to be called, from any thread, once there is more behind `NextToken.notYet`.
  func begin(_ question: Question, at start: Instant, whenMore: @escaping @Sendable () -> Void)
    -> any AnswerTokens
}

/// What is known of an answer that its question determines.
public struct Foretold: Hashable, Sendable {
  /// Names its text.
  public var epoch: Epoch
  /// How many tokens it has.
  public var tokenCount: Int
  /// How much text it is, in pieces of about four characters.
  public var pieceCount: Int

  public init(epoch: Epoch, tokenCount: Int, pieceCount: Int) {
    self.epoch = epoch
    self.tokenCount = tokenCount
    self.pieceCount = pieceCount
  }
}

/// A question put to a source, with what is known of its answer before it is given.
public struct PosedQuestion: Sendable {
  public let question: Question
  /// Nil where the question does not determine the answer.
  public let foretold: Foretold?
  private let source: any AnswerSource

  public init(_ question: Question, to source: any AnswerSource = SeededScript()) {
    self.question = question
    self.source = source
    foretold = source.foretold(question)
  }

  /// Begins the answer; the parameters are those of `AnswerSource.begin`.
  public func begin(at start: Instant, whenMore: @escaping @Sendable () -> Void) -> any AnswerTokens {
    source.begin(question, at: start, whenMore: whenMore)
  }
}

/// One answer as it comes about.
public protocol AnswerTokens {
  /// What comes behind what was taken before. Behind an end comes nothing.
  mutating func next() -> NextToken
  /// Nobody wants the rest.
  func cancel()
}

extension AnswerTokens {
  public func cancel() {}
}

/// What comes next of an answer.
public enum NextToken: Hashable, Sendable {
  /// A token, and when it is due, as the time since the answer began; that may be in the past.
  case token(String, at: Duration)
  /// It cannot be told yet.
  case notYet
  // Apart, so that a token, which comes far more often, is small.
  indirect case end(Ending)
}

extension String {
  /// How much text it is, in pieces of about four characters; at least one.
  public var pieceCount: Int { 1 + utf8.count / 4 }
}

extension AnswerSource {
  /// An answer's tokens with their times, of a source that foretells them.
  public func tokens(of question: Question) -> [(text: String, offset: Duration)] {
    var answer = begin(question, at: Instant(nanoseconds: 0), whenMore: {})
    var tokens: [(String, Duration)] = []
    while case .token(let text, let offset) = answer.next() { tokens.append((text, offset)) }
    return tokens
  }
}
