import Machine
import Measurement
import Testing

@testable import ModelBench

@Suite struct ModelBenchTextTests {
  private func answer(_ milliseconds: Double, tokens: Int? = 3) -> MeasuredAnswer {
    var answer = MeasuredAnswer()
    answer.sentMilliseconds = milliseconds
    answer.choiceChunkMilliseconds = [1, milliseconds, milliseconds + 20, milliseconds + 40]
    answer.textChunkMilliseconds = Array(answer.choiceChunkMilliseconds.dropFirst())
    answer.completionTokens = tokens
    answer.reasoningTokens = tokens.map { _ in 0 }
    answer.waitingShare = 0.5
    return answer
  }

  private func result(_ answers: [MeasuredAnswer], limits: ModelLimits = ModelLimits()) -> ModelBenchResult {
    let plan = ModelBenchPlan(model: "m", prompt: "Why?", requests: answers.count, limits: limits)
    return ModelBenchResult(
      plan: plan, server: "host:1", command: "pushlab bench-openai",
      environment: RunEnvironment(processors: Processors(), engine: "host:1"), seconds: 2, answers: answers)
  }

  private func text(_ result: ModelBenchResult, width: Int = 100) -> String {
    ModelBenchText(result, width: width).text
  }

  @Test func `medians come with their interval, and with mean and greatest`() {
    let text = text(result((1...9).map { answer(Double($0) * 10) }))
    #expect(text.hasPrefix("m at host:1: 9 answers, 1 at a time\n"))
    #expect(text.contains("TTFT, ms                 50.0 [20.0, 80.0]  50.0    –      90.0"))
    #expect(text.contains("inter-chunk latency, ms               20.0  20.0    –      20.0"))
    #expect(text.contains("vLLM's TTFT, ms                       1.00  1.00    –      1.00"))
    #expect(text.contains("All answers together: 13.5 tokens per second"))
    #expect(!text.contains("Goodput"))
  }

  @Test func `too few answers have no interval`() {
    #expect(text(result([answer(10), answer(30)])).contains("20.0 (10.0 to 30.0)"))
  }

  @Test func `good answers keep every limit`() {
    let limits = ModelLimits(timeToFirstToken: 30, timePerOutputToken: 20)
    let all = result([answer(10), answer(30), answer(31), answer(5, tokens: nil)], limits: limits)
    #expect(all.goodCount == 2)
    let text = text(all)
    #expect(
      text.contains(
        "Goodput: 2 of 4 answers took at most 30.0 ms to their first token and 20.0 ms per further token."))
    #expect(text.contains("1 of 4 answers came without a count of their tokens"))
  }

  @Test func `answers that failed are told once a reason`() {
    var failed = answer(10)
    failed.failure = "the model at host:1 answered 500"
    let text = text(result([answer(10), failed, failed]))
    #expect(text.contains("1 of 3 answers, 1 at a time"))
    #expect(text.contains("2 of 3 answers failed: the model at host:1 answered 500"))
    #expect(self.text(result([failed])).contains("No answer came whole"))
  }

  @Test(arguments: [40, 60, 100])
  func `lines are no wider than the terminal`(_ width: Int) {
    let text = text(result((1...9).map { answer(Double($0) * 10) }), width: width)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
  }

  @Test func `further fields are added to the request, and replace`() throws {
    var plan = ModelBenchPlan(
      model: "m", prompt: "Why?", extraBody: #"{"pushlab":{"rate":50},"max_tokens":7}"#)
    let body = String(decoding: try #require(plan.body), as: UTF8.self)
    #expect(body.contains(#""pushlab":{"rate":50}"#) && body.contains(#""max_tokens":7"#))
    for wrong in ["[]", "5", "{", ""] {
      plan.extraBody = wrong
      #expect(plan.body == nil)
    }
  }
}
