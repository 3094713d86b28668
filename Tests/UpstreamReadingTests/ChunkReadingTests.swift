import Answers
import ChatCompletions
import Testing

@testable import Upstream

@Suite struct ChunkReadingTests {
  private static let stream = [
    #"data: {"choices":[{"delta":{"role":"assistant","content":""}}]}"#, ": a comment",
    #"data: {"choices":[{"delta":{"content":"Th"}}]}"#, #"data: {"choices":[{"delta":{"content":"世"}}]}"#,
    #"data: {"choices":[{"delta":{},"finish_reason":"length"}]}"#,
    #"data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":5}}"#, "data: [DONE]", "",
  ].joined(separator: "\n\n")

  private static func texts(_ chunks: [ChatChunk]) -> [String] {
    chunks.compactMap(\.text).filter { !$0.isEmpty }
  }

  /// However the bytes are cut.
  @Test(arguments: [1, 2, 3, 7, 64, 100_000])
  func `texts come chunk by chunk, then the ending`(_ size: Int) {
    let bytes = Array(Self.stream.utf8)
    var reading = ChunkReading()
    var texts: [String] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      #expect(reading.ending == nil)
      texts += Self.texts(reading.take(bytes[start..<min(bytes.count, start + size)]))
    }
    #expect(texts == ["Th", "世"])
    let usage = Ending.Usage(prompt: 3, completion: 5)
    #expect(reading.ending == Ending(.complete, usage: usage, isCut: true))
  }

  @Test func `what comes behind the end is passed over`() {
    var reading = ChunkReading()
    let chunks = reading.take(
      Array("data: [DONE]\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n".utf8))
    #expect(chunks.isEmpty)
    #expect(reading.ending == .complete)
  }

  @Test func `an answer that says why it ends is whole without the last word`() {
    var reading = ChunkReading()
    _ = reading.take(Array(#"data: {"choices":[{"delta":{"content":"a"}}]}"#.utf8) + Array("\n\n".utf8))
    #expect(reading.endingWithoutWord == nil)
    _ = reading.take(
      Array(#"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"#.utf8) + Array("\n\n".utf8))
    #expect(reading.endingWithoutWord == .complete)
  }

  @Test func `what came before a mistake is kept, though it came with it`() {
    var reading = ChunkReading()
    let chunks = reading.take(
      Array("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: no\n\ndata: [DONE]\n\n".utf8))
    #expect(Self.texts(chunks) == ["a"])
    #expect(reading.mistake == .noJSON("no"))
    #expect(reading.ending == nil)
  }

  @Test func `what cannot be read is told`() {
    func mistake(_ text: String) -> ChunkMistake? {
      var reading = ChunkReading()
      _ = reading.take(Array(text.utf8))
      return reading.mistake
    }
    #expect(mistake("data: <html>\n\n") == .noJSON("<html>"))
    #expect(mistake("data: {\"error\":{\"message\":\"full\"}}\n\n") == .error("full"))
    #expect(mistake("data: " + String(repeating: "a", count: ChunkReading.largestEvent + 1)) == .tooLarge)
    #expect(
      mistake("data: " + String(repeating: "a", count: ChunkReading.largestEvent + 1) + "\n\n") == .tooLarge)
    #expect(mistake(": nothing\n\n") == nil)
  }

  @Test func `halves of a character are joined, whichever chunks they come in`() {
    func read(_ contents: String...) -> [String] {
      var reading = ChunkReading()
      let events = contents.map { #"data: {"choices":[{"delta":{"content":"\#($0)"}}]}"# + "\n\n" }
      return Self.texts(reading.take(Array(events.joined().utf8)))
    }
    #expect(read(#"a\ud83d"#, #"\uDE00b"#) == ["a", "😀b"])
    #expect(read(#"a\ud83d"#, "", #"\ude00"#) == ["a", "😀"])
    #expect(read(#"\ud83d\ude00\ud83d"#, #"\ude01"#) == ["😀", "😁"])
    #expect(read(#"a\ude00"#, "b") == ["a\u{fffd}", "b"])
    #expect(read(#"\\ud83d\ud83d"#, #"\ude00"#) == [#"\ud83d"#, "😀"])
    #expect(read(#"\ud83dabc\ude00"#) == ["\u{fffd}abc\u{fffd}"])
    #expect(read(#"\ud83d\ud83d"#, #"\ude00\ude00"#) == ["\u{fffd}", "😀\u{fffd}"])
    #expect(read(#"a\ud83d"#, "b") == ["a", "\u{fffd}b"])
  }
}
