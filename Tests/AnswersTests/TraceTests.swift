import Answers
import Testing

@Suite struct TraceTests {
  private static let head = #"{"trace":1,"source":"by hand","model":"none","prompt":"Why?"}"#

  private func trace(_ lines: String...) throws -> Trace {
    try Trace(Array(([Self.head] + lines).joined(separator: "\n").utf8), name: "t.jsonl")
  }

  @Test func `a trace is read token by token`() throws {
    let trace = try trace(#"{"ms":163.2,"text":"The"}"#, #"{"ms":163.2,"text":" sky"}"# + "\r", "")
    #expect(trace.origin == "none, by hand")
    #expect(trace.prompt == "Why?")
    #expect(
      trace.tokens == [
        Trace.Token(text: "The", offset: .microseconds(163_200)),
        Trace.Token(text: " sky", offset: .microseconds(163_200)),
      ])
  }

  @Test func `a character that is split comes with the token that completes it`() throws {
    let trace = try trace(
      #"{"ms":1,"bytes":"20f09f"}"#, #"{"ms":2,"bytes":"98"}"#, #"{"ms":3,"bytes":"8a61"}"#,
      #"{"ms":4,"bytes":"e4"}"#)
    #expect(trace.tokens.map(\.text) == [" ", "", "😊a", "\u{fffd}"])
  }

  @Test(arguments: [
    (#"{"ms":2,"text":"a"}"#, #"{"ms":1,"text":"b"}"#, "line 3: 'ms' runs backwards"),
    (#"{"ms":2,"text":"a"}"#, #"{"ms":3}"#, "line 3: each token is"),
    (#"{"ms":2,"text":"a","bytes":"61"}"#, "", "line 2: each token is"),
    (#"{"ms":2,"bytes":"6"}"#, "", "line 2: each token is"),
    (#"{"ms":2,"bytes":"+1"}"#, "", "line 2: each token is"),
    (#"{"ms":-1,"text":"a"}"#, "", "line 2: 'ms' takes milliseconds"),
    (#"{"ms":1e9,"text":"a"}"#, "", "line 2: 'ms' takes milliseconds"),
    ("no JSON", "", "line 2: each token is"),
    ("", "", "line 3: the trace has no token"),
  ])
  func `a bad line is named`(_ first: String, _ second: String, _ words: String) throws {
    let mistake = try #require(throws: TraceMistake.self) { try trace(first, second) }
    #expect(mistake.description.hasPrefix("t.jsonl, \(words)"))
  }

  @Test(arguments: ["", "[]", #"{"trace":2,"source":"","prompt":""}"#, #"{"ms":1,"text":"a"}"#])
  func `what does not begin as a trace is none`(_ head: String) throws {
    let mistake = try #require(throws: TraceMistake.self) { try Trace(Array(head.utf8), name: "t.jsonl") }
    #expect(mistake.description.hasPrefix("t.jsonl, line 1: a trace begins with"))
  }

  @Test func `a trace that is written reads back`() throws {
    let tokens = [
      Trace.Token(text: "a/\"\\\n", offset: .microseconds(1_500)),
      Trace.Token(text: "世", offset: .seconds(3_600)),
    ]
    let trace = Trace(source: "a test", model: "none", prompt: "Why?", tokens: tokens)
    #expect(try Trace(Array(trace.text.utf8), name: "t") == trace)
    #expect(trace.text.split(separator: "\n")[1] == #"{"ms":1.5,"text":"a/\"\\\n"}"#)
  }

  @Test func `a recorded answer is told with its pace, whatever is asked`() throws {
    let trace = try trace(#"{"ms":1,"text":"a"}"#, #"{"ms":5,"text":"b"}"#)
    let source = RecordedAnswer(trace)
    let question = Question(prompt: "Else?", tokenCount: 1)
    #expect(source.foretold(question)?.tokenCount == 2)
    #expect(source.foretold(question) == source.foretold(Question(prompt: "Why?")))
    let tokens = source.tokens(of: question)
    #expect(tokens.map(\.text) == ["a", "b"])
    #expect(tokens.map(\.offset) == [.milliseconds(1), .milliseconds(5)])
  }
}
