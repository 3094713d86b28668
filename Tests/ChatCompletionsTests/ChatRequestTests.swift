import Answers
import ChatCompletions
import Testing
import Wire

@Suite struct ChatRequestTests {
  private func request(_ fields: String) throws -> ChatRequest {
    let body = #"{"model":"m","messages":[{"role":"user","content":"Why?"}]\#(fields)}"#
    return try ChatRequest(json: Array(body.utf8)) { fields throws(FieldError) in
      try QuestionFields.question(json: fields)
    }
  }

  @Test func `a plain request asks with all left out`() throws {
    let plain = try request("")
    var asked = Question(prompt: "Why?")
    asked.isLimited = false
    #expect(plain.question == asked)
    #expect(plain.model == "m")
    #expect(!plain.isStreamed && !plain.includesUsage && !plain.isLimited)
  }

  @Test func `fields of the interface and the laboratory's own`() throws {
    let full = try request(
      #"""
      ,"stream":true,"stream_options":{"include_usage":true},"max_tokens":5,"seed":7,"temperature":0.5,
      "tools":null,"n":1,"pushlab":{"rate":50,"jitter":0,"think":0.25}
      """#)
    #expect(full.isStreamed && full.includesUsage && full.isLimited)
    let pacing = Pacing(think: .milliseconds(250), rate: 50, jitter: 0)
    #expect(full.question == Question(prompt: "Why?", seed: 7, tokenCount: 5, pacing: pacing))
  }

  @Test func `a negative seed is a seed`() throws {
    let seed = try request(#","seed":-1"#).question.seed
    #expect(seed == (1 << 53) - 1)
    #expect(try request(#","seed":-2"#).question.seed != seed)
  }

  @Test func `the newer limit counts more than the older`() throws {
    #expect(try request(#","max_tokens":5,"max_completion_tokens":6"#).question.tokenCount == 6)
  }

  @Test func `the last message of a user is the prompt, and the others go along`() throws {
    let body = #"""
      {"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Why?"},
      {"role":"assistant","content":null},{"role":"user","content":[{"type":"text","text":"And "},
      {"type":"text","text":"how?"}]}]}
      """#
    let request = try ChatRequest(json: Array(body.utf8)) { fields throws(FieldError) in
      try QuestionFields.question(json: fields)
    }
    #expect(request.question.prompt == "And how?")
    let said = [("system", "Be brief."), ("user", "Why?"), ("assistant", ""), ("user", "And how?")]
    #expect(request.question.conversation == said.map { Utterance(role: $0, text: $1) })
    // Another conversation has another answer.
    #expect(request.question.epoch != Question(prompt: "And how?").epoch)
    func asked(_ question: Question) -> String {
      String(decoding: ChatRequest.body(asking: question, of: "up"), as: UTF8.self)
    }
    #expect(
      asked(request.question) == #"""
        {"model":"up","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Why?"},\#
        {"role":"assistant","content":""},{"role":"user","content":"And how?"}],\#
        "stream":true,"stream_options":{"include_usage":true}}
        """#)
    // A limit is passed on where somebody set one.
    #expect(asked(Question(prompt: "Why?", tokenCount: 7)).contains(#","max_tokens":7,"#))
  }

  @Test func `an error is the interface's object`() {
    let error = InterfaceError(400, "no \"n\"\nhere", parameter: "n")
    #expect(
      String(decoding: error.json, as: UTF8.self)
        == #"{"error":{"message":"no \"n\" here","type":"invalid_request_error","param":"n","code":null}}"#)
  }
}
