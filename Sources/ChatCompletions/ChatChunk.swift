import Answers
import Foundation

/// One event of a streamed answer, as far as it says anything: `data: {"choices":[{"delta":{"content":"…"}}]}`.
public struct ChatChunk: Hashable, Sendable {
  /// What it adds to the answer; many chunks add nothing.
  public var text: String?
  /// Why there will be no more text, such as `stop` or `length`.
  public var finishReason: String?
  public var usage: Ending.Usage?
  /// What went wrong in the midst of the answer.
  public var error: String?

  /// What stands in place of a chunk behind the last.
  public static let done = "[DONE]"

  public init(
    text: String? = nil, finishReason: String? = nil, usage: Ending.Usage? = nil, error: String? = nil
  ) {
    self.text = text
    self.finishReason = finishReason
    self.usage = usage
    self.error = error
  }

  /// - Throws: `DecodingError` where the bytes are no JSON object.
  public init(json: some Sequence<UInt8>) throws {
    let value = try JSONDecoder().decode(JSONValue.self, from: Data(json))
    guard case .object = value else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "not an object"))
    }
    if value["error"] != nil { error = InterfaceError.words(in: value) ?? "no words" }
    let choice = value["choices"]?.array?.first
    text = choice?["delta"]?["content"]?.text ?? choice?["text"]?.text
    finishReason = choice?["finish_reason"]?.text
    if let prompt = value["usage"]?["prompt_tokens"]?.whole,
      let completion = value["usage"]?["completion_tokens"]?.whole
    {
      usage = Ending.Usage(prompt: prompt, completion: completion)
    }
  }
}
