import Answers
import ChatCompletions
import MonotonicTime
import Testing
import Upstream

@testable import ModelBench

@Suite struct MeasuredAnswerTests {
  /// Sent at 1 s, half a second after the first request that counts.
  private func answer(
    _ chunks: [(chunk: ChatChunk, milliseconds: Int)], _ ending: Ending = .complete
  ) throws -> MeasuredAnswer {
    let sent = Instant(nanoseconds: 1_000_000_000)
    var answer = AnswerInProgress(since: Instant(nanoseconds: 500_000_000))
    _ = answer.take(.sent(at: sent))
    for (chunk, milliseconds) in chunks {
      _ = answer.take(.chunk(chunk, at: sent.advanced(by: .milliseconds(milliseconds))))
    }
    _ = answer.take(.ending(ending))
    let measured = answer.take(.over)
    return try #require(measured)
  }

  private let chunks: [(ChatChunk, Int)] = [
    (ChatChunk(text: ""), 5), (ChatChunk(text: "The"), 100), (ChatChunk(), 110),
    (ChatChunk(text: " sky is"), 140),
    (ChatChunk(text: " blue."), 140), (ChatChunk(finishReason: "stop"), 150),
    (ChatChunk(hasChoice: false, usage: Ending.Usage(prompt: 3, completion: 6)), 160),
  ]

  @Test func `times count to chunks that have a text`() throws {
    let answer = try answer(chunks)
    #expect(answer.sentMilliseconds == 500)
    #expect(answer.timeToFirstToken == 100)
    #expect(answer.interChunkLatencies == [40, 0])
    #expect(answer.endToEnd == 140)
    #expect(answer.failure == nil)
  }

  @Test func `vLLM's benchmark counts every chunk with a choice`() throws {
    let answer = try answer(chunks, Ending(.complete, usage: Ending.Usage(prompt: 3, completion: 6)))
    #expect(answer.choiceChunkMilliseconds == [5, 100, 110, 140, 140, 150])
    #expect(answer.choiceGaps == [95, 10, 30, 0, 10])
    #expect(answer.timePerChoiceToken == 29)
  }

  @Test func `a time per token needs to know how many tokens there are`() throws {
    #expect(try answer(chunks).timePerOutputToken == nil)
    func perToken(_ usage: Ending.Usage) throws -> Double? {
      try answer(chunks, Ending(.complete, usage: usage)).timePerOutputToken
    }
    #expect(try perToken(Ending.Usage(prompt: 3, completion: 6)) == 8)
    #expect(try perToken(Ending.Usage(prompt: 3, completion: 26, reasoning: 20)) == 8)
    let thinking = try answer(
      chunks, Ending(.complete, usage: Ending.Usage(prompt: 3, completion: 30, reasoning: 20)))
    #expect(thinking.timePerChoiceToken == 5)
    #expect(try perToken(Ending.Usage(prompt: 3, completion: 1)) == nil)
  }

  @Test func `tokens of thoughts that are shown and not counted are not known`() throws {
    let thought = (ChatChunk(hasReasoning: true), 50)
    let usage = Ending.Usage(prompt: 3, completion: 26)
    #expect(try answer([thought] + chunks, Ending(.complete, usage: usage)).timePerOutputToken == nil)
    let counted = Ending.Usage(prompt: 3, completion: 26, reasoning: 20)
    #expect(try answer([thought] + chunks, Ending(.complete, usage: counted)).timePerOutputToken == 8)
  }

  @Test func `an answer without a text is none`() throws {
    #expect(try answer([(ChatChunk(text: ""), 5)]).failure == "the answer has no text")
    #expect(try answer([(ChatChunk(text: "a"), 5)], .failed("gone")).failure == "gone")
  }

  /// Five words of which the last comes with the answer's end: who reads waits for the first and for the last.
  @Test func `a person's waiting is counted`() throws {
    let share = try #require(
      answer([(ChatChunk(text: "a b "), 200), (ChatChunk(text: "c"), 1_000)]).waitingShare)
    #expect(abs(share - 600 / 1_200) < 1e-9)
  }
}
