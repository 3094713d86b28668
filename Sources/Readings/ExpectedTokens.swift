import Answers
import Wire

/// What must come: the generator's tokens as they travel, made once and shared by all readers of a question.
public final class ExpectedTokens: Sendable {
  public let question: Question
  /// Intended times since the stream's start.
  public let offsets: [Duration]
  /// What each of them says.
  package let texts: [String]
  private let payloads: [[UInt8]]

  /// - Parameter source: what answers; it has to foretell its answers.
  public init(_ question: Question, from source: any AnswerSource = SeededScript()) {
    self.question = question
    let tokens = source.tokens(of: question)
    offsets = tokens.map(\.offset)
    texts = tokens.map(\.text)
    payloads = texts.enumerated().map { TokenPayload(index: $0, token: $1).json }
  }

  public var count: Int { payloads.count }

  /// When the last token is due, since the start.
  public var length: Duration { offsets.last ?? .zero }

  /// Whether these bytes are the token of that index, to the byte.
  package func matches(_ bytes: some Sequence<UInt8>, index: Int) -> Bool {
    payloads.indices.contains(index) && payloads[index].elementsEqual(bytes)
  }

  /// How many tokens a page brings that is, to the byte, the page of the next tokens of a stream that goes on;
  /// nil if it is another one.
  package func pageCount(_ page: some RandomAccessCollection<UInt8>, from index: Int) -> Int? {
    var rest = page[...]
    func skip(_ bytes: some Collection<UInt8>) -> Bool {
      guard rest.prefix(bytes.count).elementsEqual(bytes) else { return false }
      rest = rest.dropFirst(bytes.count)
      return true
    }
    guard skip(#"{"tokens":["#.utf8) else { return nil }
    var next = index
    while next < count, skip(payloads[next]) {
      next += 1
      if !skip(",".utf8) { break }
    }
    return skip(#"],"next":\#(next),"done":false}"#.utf8) && rest.isEmpty ? next - index : nil
  }

  /// The size in bytes of the token's JSON.
  package func payloadCount(_ index: Int) -> Int {
    payloads[index].count
  }

  package func matches(_ payload: TokenPayload) -> Bool {
    texts.indices.contains(payload.index) && texts[payload.index] == payload.token
  }
}
