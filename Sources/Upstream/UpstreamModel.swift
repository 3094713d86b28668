import Answers
import ChatCompletions
import MonotonicTime

/// A model behind the OpenAI interface, as a source of answers. Each of its chunks that has text is a token of the stream,
/// and its arrival is the token's instant.
public final class UpstreamModel: AnswerSource {
  public let model: String
  private let interface: ModelInterface

  /// - Parameter model: its name there.
  public init(_ model: String, at interface: ModelInterface) {
    self.model = model
    self.interface = interface
  }

  public var name: String { "\(model) at \(interface.place)" }

  public func foretold(_ question: Question) -> Foretold? { nil }

  public func offsets(of question: Question) -> [Duration] { [] }

  public func begin(
    _ question: Question, at start: Instant, whenMore: @escaping @Sendable () -> Void
  ) -> any AnswerTokens {
    let answer = UpstreamAnswer(start: start, whenMore: whenMore)
    // What is read does not keep the answer, so that one that nobody wants is cancelled.
    answer.request = interface.ask(ChatRequest.body(asking: question, of: model)) { [weak answer] part in
      answer?.add(part)
    }
    return answer
  }
}
