import Answers
import MonotonicTime
import Testing
import Wire

@Suite struct QuestionFieldsTests {
  private func question(_ json: String) throws -> Question {
    try QuestionFields.question(json: Array(json.utf8))
  }

  private func mistake(_ json: String) -> String? {
    let error = #expect(throws: FieldError.self, "\(json.prefix(80))") { try question(json) }
    return error?.description
  }

  @Test func `only the prompt is needed`() throws {
    #expect(try question(#"{"prompt":"Why?"}"#) == Question(prompt: "Why?"))
  }

  @Test func `every field is read`() throws {
    let text = #"""
      {"prompt":"Why?","seed":5,"tokens":7,"rate":12.5,"jitter":0.25,"think":1.5,"burst":3,"size":4}
      """#
    let pacing = Pacing(think: .milliseconds(1_500), rate: 12.5, jitter: 0.25, burst: 3)
    let asked = Question(prompt: "Why?", seed: 5, tokenCount: 7, tokenSize: 4, pacing: pacing)
    #expect(try question(text) == asked)
  }

  @Test(arguments: [
    ("seed", "0"), ("seed", "9007199254740991"), ("tokens", "1"), ("tokens", "100000"), ("tokens", "2.0"),
    ("rate", "0.01"), ("rate", "100000"), ("jitter", "0"), ("jitter", "10"), ("think", "0"),
    ("think", "3600"),
    ("burst", "1"), ("burst", "1000"), ("size", "1"), ("size", "1000"),
  ])
  func `a field at its edge is taken`(_ name: String, _ value: String) throws {
    _ = try question(#"{"prompt":"Why?","\#(name)":\#(value)}"#)
    _ = try QuestionFields.question(query: [("prompt", "Why?"), (name, value)])
  }

  @Test(arguments: [
    ("seed", "-1"), ("seed", "9007199254740992"), ("seed", "0.5"), ("seed", "1e300"), ("tokens", "0"),
    ("tokens", "100001"), ("tokens", "1.5"), ("rate", "0.009"), ("rate", "100000.1"), ("jitter", "-0.1"),
    ("jitter", "10.1"), ("think", "-0.001"), ("think", "3600.001"), ("burst", "0"), ("burst", "1001"),
    ("size", "0"), ("size", "1001"),
  ])
  func `a field past its edge is refused by name`(_ name: String, _ value: String) {
    let kind = ["seed", "tokens", "burst", "size"].contains(name) ? "whole number" : "number"
    let message = mistake(#"{"prompt":"Why?","\#(name)":\#(value)}"#)
    #expect(message?.hasPrefix("'\(name)' takes a \(kind) from") == true)
    let error = #expect(throws: FieldError.self) {
      try QuestionFields.question(query: [("prompt", "Why?"), (name, value)])
    }
    #expect(error?.description.hasPrefix("'\(name)' takes a \(kind) from") == true)
  }

  @Test(
    arguments: ["seed", "tokens", "rate", "jitter", "think", "burst", "size"],
    [#""5""#, "true", "null", "[]", "{}"])
  func `a field of the wrong type is refused by name`(_ name: String, _ value: String) {
    #expect(mistake(#"{"prompt":"Why?","\#(name)":\#(value)}"#)?.hasPrefix("'\(name)' takes") == true)
  }

  @Test func `the error states the bounds`() {
    #expect(mistake(#"{"prompt":"Why?","burst":0}"#) == "'burst' takes a whole number from 1 to 1000")
    #expect(mistake(#"{"prompt":"Why?","jitter":11}"#) == "'jitter' takes a number from 0.0 to 10.0")
  }

  @Test(arguments: ["{}", #"{"prompt":""}"#, #"{"prompt":5}"#, #"{"prompt":null}"#, #"{"prompt":["a"]}"#])
  func `a missing prompt is named`(_ json: String) {
    #expect(mistake(json) == "'prompt' takes a text of 1 to 65536 bytes")
  }

  @Test func `the prompt's limit counts bytes`() throws {
    let edge = String(repeating: "é", count: 32_768)
    #expect(try question(#"{"prompt":"\#(edge)"}"#).prompt == edge)
    #expect(mistake(#"{"prompt":"\#(edge)x"}"#) == "'prompt' has 65537 bytes; it takes at most 65536")
  }

  @Test func `a prompt may have a lower limit, which the error states`() {
    let error = #expect(throws: FieldError.self) {
      try QuestionFields.asking(json: Array(#"{"prompt":"abc"}"#.utf8), promptLimit: 2)
    }
    #expect(error?.description == "'prompt' has 3 bytes; it takes at most 2")
    #expect(error?.isTooLarge == true)
    let missing = #expect(throws: FieldError.self) {
      try QuestionFields.asking(query: [("rate", "3")], promptLimit: 2)
    }
    #expect(missing?.description == "'prompt' takes a text of 1 to 2 bytes")
    #expect(missing?.isTooLarge == false)
  }

  @Test func `a query may say where to go on, with an epoch that looks like a number`() throws {
    let asking = try QuestionFields.asking(
      query: [("prompt", "a"), ("tokens", "5"), ("from", "5"), ("epoch", "1234567890123456"), ("x", "y")])
    #expect(asking == Asking(Question(prompt: "a", tokenCount: 5), from: 5, epoch: "1234567890123456"))
    for from in ["100001", "-1", "x", "1.5", ""] {
      #expect(throws: FieldError.self) {
        try QuestionFields.asking(query: [("prompt", "a"), ("tokens", "5"), ("from", from)])
      }
    }
  }

  @Test func `an unknown field of several lines is named in one`() {
    let message = mistake(#"{"prompt":"x","a\nb\u2028c":1}"#)
    #expect(message?.hasPrefix("'a b c' is not a field; ") == true)
  }

  @Test func `an unknown field is named`() {
    #expect(
      mistake(#"{"prompt":"Why?","tokns":3}"#)
        == "'tokns' is not a field; the fields are prompt, seed, tokens, rate, jitter, think, burst, size, from, epoch"
    )
    #expect(mistake(#"{"prompt":"Why?","Rate":3}"#)?.hasPrefix("'Rate' is not a field") == true)
  }

  @Test(arguments: ["", "Why?", "[]", "5", "null", #""prompt""#, #"{"prompt":"Why?""#, "{prompt:1}"])
  func `what is not an object is refused`(_ text: String) {
    #expect(mistake(text) == #"the body is not a JSON object such as {"prompt":"Why is the sky blue?"}"#)
  }

  @Test func `a query leaves unknown fields to others`() throws {
    let query = [("prompt", "Why?"), ("tokens", "7"), ("transport", "websocket"), ("x", "")]
    #expect(try QuestionFields.question(query: query) == Question(prompt: "Why?", tokenCount: 7))
  }

  @Test(arguments: ["42", "1e3", "nan", "0x10", "-0"])
  func `a prompt may look like a number`(_ prompt: String) throws {
    #expect(try QuestionFields.question(query: [("prompt", prompt)]).prompt == prompt)
    #expect(try question(#"{"prompt":"\#(prompt)"}"#).prompt == prompt)
  }

  @Test func `a query needs a prompt too, and the first of two counts`() throws {
    #expect(throws: FieldError.self) { try QuestionFields.question(query: []) }
    #expect(throws: FieldError.self) { try QuestionFields.question(query: [("prompt", "")]) }
    let query = [("prompt", "a"), ("seed", "1"), ("prompt", "b"), ("seed", "2")]
    #expect(try QuestionFields.question(query: query) == Question(prompt: "a", seed: 1))
  }

  @Test(arguments: ["x", "", "nan", "inf", "1,5"])
  func `a query's field that is no number is refused by name`(_ value: String) {
    let error = #expect(throws: FieldError.self) {
      try QuestionFields.question(query: [("prompt", "Why?"), ("rate", value)])
    }
    #expect(error?.description.hasPrefix("'rate' takes a number") == true)
  }

  @Test(arguments: [
    Question(prompt: "Why?"),
    Question(prompt: "\"\\\n\u{1}👩🏽‍💻", seed: 9_007_199_254_740_991, tokenCount: 100_000, tokenSize: 1_000),
    Question(
      prompt: "x", tokenCount: 1, pacing: Pacing(think: .zero, rate: 0.01, jitter: 0, burst: 1_000)),
    Question(prompt: "x", pacing: Pacing(think: .seconds(3_600), rate: 100_000, jitter: 10)),
  ])
  func `a question's JSON asks the same question`(_ question: Question) throws {
    #expect(try QuestionFields.question(json: question.json) == question)
  }

  // Both ends compute the schedule, so the think time has to arrive to the nanosecond.
  @Test(arguments: [1, 9, 35, 70, 71, 273, 1_001, 3_599_999])
  func `a think time of any milliseconds survives the way`(_ milliseconds: Int) throws {
    let question = Question(prompt: "x", pacing: Pacing(think: .milliseconds(milliseconds)))
    #expect(try QuestionFields.question(json: question.json) == question)
  }

  private func asking(_ fields: String) throws -> Asking {
    try QuestionFields.asking(json: Array(#"{"prompt":"Why?","tokens":7\#(fields)}"#.utf8))
  }

  @Test func `an answer's rest is asked for by index and epoch`() throws {
    #expect(try asking("") == Asking(Question(prompt: "Why?", tokenCount: 7)))
    #expect(try asking(#","from":0"#).from == 0)
    #expect(try asking(#","from":7"#).from == 7)
    #expect(try asking(#","epoch":"x""#).epoch == "x")
  }

  @Test(arguments: ["-1", "100001", "0.5", "1e300", "-9223372036854775808", #""5""#, "null", "true", "[]"])
  func `an index that no answer has is refused`(_ index: String) {
    let error = #expect(throws: FieldError.self) { try asking(#","from":\#(index)"#) }
    #expect(error?.description == "'from' takes a whole number from 0 to 100000")
  }

  @Test(arguments: ["5", "null", "{}"])
  func `an epoch that is no text is refused`(_ epoch: String) {
    let error = #expect(throws: FieldError.self) { try asking(#","epoch":\#(epoch)"#) }
    #expect(error?.description.hasPrefix("'epoch' takes") == true)
  }

  @Test(
    arguments: [
      (0, nil, ""), (3, nil, #","from":3"#), (0, "a\"b", #","from":0,"epoch":"a\"b""#),
      (3, "e", #","from":3,"epoch":"e""#),
    ] as [(Int, String?, String)])
  func `literal bytes of an asking, which reads back the same`(
    _ from: Int, _ epoch: String?, _ fields: String
  ) throws {
    let asking = Asking(Question(prompt: "x"), from: from, epoch: epoch)
    let json = String(decoding: asking.json, as: UTF8.self)
    #expect(json == String(decoding: asking.question.json.dropLast(), as: UTF8.self) + fields + "}")
    #expect(try QuestionFields.asking(json: asking.json) == asking)
  }

  @Test func `literal bytes of a question`() {
    let question = Question(prompt: "Why?", seed: 5, tokenCount: 7, tokenSize: 3, pacing: Pacing())
    #expect(
      String(decoding: question.json, as: UTF8.self) == #"""
        {"prompt":"Why?","seed":5,"tokens":7,"rate":30.0,"jitter":0.3,"think":0.4,"burst":1,"size":3}
        """#)
  }

  @Test func `literal bytes of a question for the rest of an answer`() {
    let question = Question(prompt: "Why?", seed: 5, tokenCount: 7, tokenSize: 3, pacing: Pacing())
    #expect(
      String(decoding: Asking(question, from: 4, epoch: "00ff00ff00ff00ff").json, as: UTF8.self) == #"""
        {"prompt":"Why?","seed":5,"tokens":7,"rate":30.0,"jitter":0.3,"think":0.4,"burst":1,"size":3,\#
        "from":4,"epoch":"00ff00ff00ff00ff"}
        """#)
  }

  @Test(arguments: ["0x10", "0x1p4", "inf", "nan", "1_0", ""])
  func `a number in a query is written with decimal digits`(_ text: String) {
    #expect(throws: FieldError.self) {
      try QuestionFields.asking(query: [("prompt", "a"), ("tokens", text)])
    }
    #expect(throws: FieldError.self) { try QuestionFields.asking(query: [("prompt", "a"), ("rate", text)]) }
  }
}
