import Answers
import ChatCompletions
import Foundation
import Testing

@Suite struct ChatChunkTests {
  /// Chunks as servers send them: OpenAI's own shape, ones that add nothing, other fields than the known ones.
  @Test(arguments: [
    (
      #"{"id":"x","choices":[{"index":0,"delta":{"content":" sky"},"finish_reason":null}]}"#,
      ChatChunk(text: " sky")
    ),
    (#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#, ChatChunk(text: "")),
    (#"{"choices":[{"delta":{"role":"assistant","content":null}}],"usage":null}"#, ChatChunk()),
    (#"{"choices":[{"delta":{},"finish_reason":"length"}]}"#, ChatChunk(finishReason: "length")),
    (#"{"choices":[{"text":"a","finish_reason":"stop"}]}"#, ChatChunk(text: "a", finishReason: "stop")),
    (#"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#, ChatChunk(hasReasoning: true)),
    (
      #"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}"#,
      ChatChunk(hasChoice: false, usage: Ending.Usage(prompt: 9, completion: 2))
    ),
    (#"{"choices":[]}"#, ChatChunk(hasChoice: false)), ("{}", ChatChunk(hasChoice: false)),
    (
      #"{"error":{"message":"overloaded","type":"server_error"}}"#,
      ChatChunk(hasChoice: false, error: "overloaded")
    ),
    (#"{"error":"overloaded"}"#, ChatChunk(hasChoice: false, error: "overloaded")),
    (#"{"error":{}}"#, ChatChunk(hasChoice: false, error: "no words")),
  ])
  func `a chunk is read for what it says`(_ json: String, _ chunk: ChatChunk) throws {
    #expect(try ChatChunk(json: json.utf8) == chunk)
  }

  @Test(arguments: ["", "[]", "[DONE]", "5", #"{"choices":"#])
  func `what is no object is none`(_ json: String) {
    #expect(throws: DecodingError.self) { try ChatChunk(json: json.utf8) }
  }

  @Test func `what the server writes reads back`() throws {
    let answer = ChatAnswer(stream: "0123456789abcdef", created: 1, model: #"a "model""#)
    let (start, end) = answer.tokenEvent
    let event = String(decoding: start + Array(#"" \"sky\"""#.utf8) + end, as: UTF8.self)
    #expect(event.hasPrefix("data: {") && event.hasSuffix("}\n\n"))
    let data = event.dropFirst(6).dropLast(2)
    #expect(try ChatChunk(json: data.utf8) == ChatChunk(text: #" "sky""#))
    let last = String(
      decoding: answer.lastEvents(finish: "stop", usage: Ending.Usage(prompt: 1, completion: 2)),
      as: UTF8.self)
    let events = last.components(separatedBy: "\n\n")
    #expect(try ChatChunk(json: events[0].dropFirst(6).utf8) == ChatChunk(finishReason: "stop"))
    #expect(
      try ChatChunk(json: events[1].dropFirst(6).utf8)
        == ChatChunk(hasChoice: false, usage: Ending.Usage(prompt: 1, completion: 2)))
    #expect(events[2] == "data: [DONE]")
  }

  @Test(arguments: [
    (#"{"error":{"message":"no"}}"#, "no"), (#"{"error":"no"}"#, "no"), (#"{"message":"no"}"#, "no"),
    (#"{"detail":"no"}"#, "no"), ("<h1>no</h1>", "<h1>no</h1>"), ("{}", "{}"), ("", ""),
  ])
  func `an error's words are found`(_ body: String, _ words: String) {
    #expect(InterfaceError.words(in: Array(body.utf8)) == words)
  }
}
