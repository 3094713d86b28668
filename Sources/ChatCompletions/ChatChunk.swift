import Answers
import Foundation

/// One event of a streamed answer, as far as it says anything: `data: {"choices":[{"delta":{"content":"…"}}]}`.
public struct ChatChunk: Hashable, Sendable {
  /// Whether it is a part of the answer, with a text or without one.
  public var hasChoice: Bool
  /// Whether it adds to what the model thinks before it answers.
  public var hasReasoning: Bool
  /// What it adds to the answer; many chunks add nothing.
  public var text: String?
  /// Why there will be no more text, such as `stop` or `length`.
  public var finishReason: String?
  public var usage: Ending.Usage?
  /// What went wrong in the midst of the answer.
  public var error: String?

  /// Its text, where that is not empty.
  public var addition: String? { text.flatMap { $0.isEmpty ? nil : $0 } }

  /// What stands in place of a chunk behind the last.
  public static let done = "[DONE]"

  public init(
    hasChoice: Bool = true, hasReasoning: Bool = false, text: String? = nil, finishReason: String? = nil,
    usage: Ending.Usage? = nil, error: String? = nil
  ) {
    self.hasChoice = hasChoice
    self.hasReasoning = hasReasoning
    self.text = text
    self.finishReason = finishReason
    self.usage = usage
    self.error = error
  }

  /// - Throws: `DecodingError` where the bytes are no JSON object.
  public init(json: some Sequence<UInt8>) throws {
    self = try JSONDecoder().decode(ChatChunk.self, from: Data(json))
  }
}

/// Field by field: what comes with every chunk is looked up without a guess at what it may be, which would be slow, and a
/// field of another kind than the interface's is passed over.
extension ChatChunk: Decodable {
  private enum Keys: String, CodingKey {
    case choices, delta, message, content, text, type, object, usage, error, reasoning
    case reasoningContent = "reasoning_content"
    case finishReason = "finish_reason"
    case promptTokens = "prompt_tokens"
    case completionTokens = "completion_tokens"
    case details = "completion_tokens_details"
    case reasoningTokens = "reasoning_tokens"
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Keys.self)
    let choice = try? fields.decodeIfPresent([Choice].self, forKey: .choices)?.first
    self.init(
      hasChoice: choice != nil, hasReasoning: choice?.hasReasoning == true, text: choice?.text,
      finishReason: choice?.finishReason)
    if let counts = fields.nested(.usage) {
      if let prompt = counts.whole(.promptTokens), let completion = counts.whole(.completionTokens) {
        let reasoning = counts.nested(.details)?.whole(.reasoningTokens)
        usage = Ending.Usage(prompt: prompt, completion: completion, reasoning: reasoning ?? 0)
      }
    }
    if let value = try? fields.decodeIfPresent(JSONValue.self, forKey: .error) {
      error = InterfaceError.words(in: .object(["error": value])) ?? Self.noWords
    } else if fields.text(.object) == "error" || finishReason == "error" {
      error = fields.text(.message) ?? Self.noWords
    }
  }

  /// What an error says that says nothing.
  public static let noWords = "no words"

  /// Content in parts, of which those of the type text are the answer.
  private struct Part: Decodable {
    var type: String?
    var text: String?

    init(from decoder: any Decoder) throws {
      guard let fields = try? decoder.container(keyedBy: Keys.self) else { return }
      (type, text) = (fields.text(.type), fields.text(.text))
    }
  }

  private struct Choice: Decodable {
    var hasReasoning = false
    var text: String?
    var finishReason: String?

    init(from decoder: any Decoder) throws {
      guard let fields = try? decoder.container(keyedBy: Keys.self) else { return }
      // Some servers send the whole message in place of what is new.
      let delta = fields.nested(.delta) ?? fields.nested(.message)
      let parts = (try? delta?.decodeIfPresent([Part].self, forKey: .content)) ?? []
      let texts = parts.filter { $0.type == "text" }.compactMap(\.text)
      text = delta?.text(.content) ?? (parts.isEmpty ? fields.text(.text) : texts.joined())
      // Servers differ in the field's name.
      let reasoning = delta?.text(.reasoningContent) ?? delta?.text(.reasoning)
      hasReasoning = reasoning?.isEmpty == false || texts.count < parts.count
      finishReason = fields.text(.finishReason).flatMap { $0.isEmpty ? nil : $0 }
    }
  }
}

/// Nil for what is missing, null, or of another kind.
extension KeyedDecodingContainer {
  fileprivate func text(_ key: Key) -> String? { try? decodeIfPresent(String.self, forKey: key) }

  /// A count of tokens; nil too for one that no answer can have.
  fileprivate func whole(_ key: Key) -> Int? {
    (try? decodeIfPresent(Int.self, forKey: key)).flatMap { (0...1_000_000_000).contains($0) ? $0 : nil }
  }

  fileprivate func nested(_ key: Key) -> KeyedDecodingContainer<Key>? {
    guard contains(key), (try? decodeNil(forKey: key)) == false else { return nil }
    return try? nestedContainer(keyedBy: Key.self, forKey: key)
  }
}
