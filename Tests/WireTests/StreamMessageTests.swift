import Answers
import Testing
import Wire

@Suite struct StreamMessageTests {
  private var started: StreamStarted {
    StreamStarted(stream: "0123456789abcdef", epoch: "c6eaf424f4b2c366", started: 123_456_789_012)
  }

  private func check(_ message: StreamMessage, is text: String) throws {
    #expect(String(decoding: message.json, as: UTF8.self) == text)
    #expect(try StreamMessage(json: text.utf8) == message)
  }

  @Test func `literal bytes of a token, and back`() throws {
    try check(.token(TokenPayload(index: 4, token: " \"sky\"")), is: #"{"index":4,"token":" \"sky\""}"#)
  }

  @Test func `literal bytes of the end, and back`() throws {
    try check(
      .done(Done(reason: .complete, tokens: 48)), is: #"{"done":{"reason":"complete","tokens":48}}"#)
    try check(.done(Done(reason: .stopped, tokens: 0)), is: #"{"done":{"reason":"stopped","tokens":0}}"#)
    try check(
      .done(Done(.failed(#"it said "no""#), tokens: 2)),
      is: #"{"done":{"reason":"failed","tokens":2,"error":"it said \"no\""}}"#)
  }

  @Test func `literal bytes of a start, and back`() throws {
    try check(
      .started(started),
      is: #"{"started":{"stream":"0123456789abcdef","epoch":"c6eaf424f4b2c366","started":123456789012}}"#)
  }

  @Test func `literal bytes of an error, and back`() throws {
    try check(.error("'rate' takes \"a number\"\n"), is: #"{"error":"'rate' takes \"a number\"\n"}"#)
  }

  @Test func `the bodies that stand alone`() {
    #expect(Done(reason: .stopped, tokens: 3).text == #"{"reason":"stopped","tokens":3}"#)
    #expect(ErrorBody(error: "no").json == Array(#"{"error":"no"}"#.utf8))
    #expect(
      started.text
        == #"{"stream":"0123456789abcdef","epoch":"c6eaf424f4b2c366","started":123456789012}"#)
  }

  @Test(arguments: [
    "", "hello", "[]", "{}", "null", #"{"index":4}"#, #"{"token":"a"}"#, #"{"index":"4","token":"a"}"#,
    #"{"done":{"reason":"bored","tokens":1}}"#, #"{"done":{"reason":"complete"}}"#,
    #"{"started":{"stream":"0123456789abcdef"}}"#, #"{"error":1}"#, #"{"index":4,"token":"a""#,
    // Numbers that are no index, no count and no clock's.
    #"{"index":9223372036854775807,"token":"a"}"#, #"{"index":-1,"token":"a"}"#,
    #"{"index":1e300,"token":"a"}"#,
    #"{"done":{"reason":"complete","tokens":9223372036854775807}}"#,
    #"{"started":{"stream":"a","epoch":"b","started":-9223372036854775808}}"#,
    #"{"started":{"stream":"a","epoch":"b","started":9223372036854775807}}"#,
  ])
  func `junk throws`(_ text: String) {
    #expect(throws: DecodingError.self) { try StreamMessage(json: text.utf8) }
  }

  @Test(arguments: ["a b", "../x", "00000000000000aa/", "a\\r\\nHost: b", "00000000000000AA", ""])
  func `a stream's name that would be more than that in a request is none`(_ name: String) {
    let good = "00000000000000aa"
    #expect(throws: DecodingError.self) {
      try StreamStarted(json: Array(#"{"stream":"\#(name)","epoch":"\#(good)","started":5}"#.utf8))
    }
    #expect(throws: DecodingError.self) {
      try StreamStarted(json: Array(#"{"stream":"\#(good)","epoch":"\#(name)","started":5}"#.utf8))
    }
  }
}
