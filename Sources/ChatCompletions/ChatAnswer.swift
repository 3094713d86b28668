import Answers
import Wire

/// How the server writes an answer, whole or in chunks.
public struct ChatAnswer: Sendable {
  /// `id`, `created` and `model`, which all chunks of an answer share.
  private let common: String

  /// - Parameters:
  ///   - stream: the name of the stream that holds the answer.
  ///   - created: seconds since 1970.
  public init(stream: String, created: Int, model: String) {
    common = #""id":"chatcmpl-\#(stream)","created":\#(created),"model":\#(model.jsonString)"#
  }

  private var chunkStart: String { #"data: {\#(common),"object":"chat.completion.chunk","choices":["# }

  /// Begins an answer: it says who speaks.
  public var roleEvent: [UInt8] {
    event(delta: #"{"role":"assistant","content":"","refusal":null}"#, finish: "null")
  }

  /// What stands before a token's text in its event, and what behind it.
  public var tokenEvent: (start: [UInt8], end: [UInt8]) {
    (
      Array((chunkStart + #"{"index":0,"delta":{"content":"#).utf8),
      Array(#"},"logprobs":null,"finish_reason":null}]}"#.utf8) + Array("\n\n".utf8)
    )
  }

  /// The events behind the last token.
  /// - Parameter usage: nil where it was not asked for.
  public func lastEvents(finish: String, usage: Ending.Usage?) -> [UInt8] {
    var bytes = event(delta: "{}", finish: finish.jsonString)
    if let usage { bytes += Array((chunkStart + "],\(Self.text(of: usage))}\n\n").utf8) }
    return bytes + Array("data: \(ChatChunk.done)\n\n".utf8)
  }

  /// Ends an answer that failed; the interface has no other way once an answer has begun.
  public func failureEvent(_ error: InterfaceError) -> [UInt8] {
    Array("data: ".utf8) + error.json + Array("\n\n".utf8)
  }

  private func event(delta: String, finish: String) -> [UInt8] {
    Array(
      (chunkStart + #"{"index":0,"delta":\#(delta),"logprobs":null,"finish_reason":\#(finish)}]}"# + "\n\n")
        .utf8)
  }

  /// The answer in one piece.
  /// - Parameter usage: nil where nobody tells.
  public func whole(_ text: String, finish: String, usage: Ending.Usage?) -> [UInt8] {
    Array(
      #"""
      {\#(common),"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant",\#
      "content":\#(text.jsonString),"refusal":null},"logprobs":null,"finish_reason":\#(finish.jsonString)}],\#
      \#(usage.map(Self.text) ?? #""usage":null"#)}
      """#.utf8)
  }

  private static func text(of usage: Ending.Usage) -> String {
    let details =
      usage.reasoning > 0 ? #","completion_tokens_details":{"reasoning_tokens":\#(usage.reasoning)}"# : ""
    return #"""
      "usage":{"prompt_tokens":\#(usage.prompt),"completion_tokens":\#(usage.completion),\#
      "total_tokens":\#(usage.prompt + usage.completion)\#(details)}
      """#
  }
}
