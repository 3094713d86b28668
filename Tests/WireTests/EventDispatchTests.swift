import MonotonicTime
import Testing
import Wire

/// What fields do, what dispatches, and what stays from one event to the next: one test a rule of WHATWG HTML,
/// section 9.2.6, each read at every cut.
@Suite struct EventDispatchTests {
  @Test func `an empty stream has no events`() {
    let stream = ParsedStream("")
    #expect(stream.events == [])
    #expect(stream.lastEventID == "")
    #expect(stream.reconnectionTime == nil)
  }

  // Data.

  @Test func `data lines are joined by line feeds`() {
    #expect(ParsedStream("data: a\ndata: b\ndata: c\n\n").data == ["a\nb\nc"])
    #expect(ParsedStream("data: a\ndata:\ndata: c\n\n").data == ["a\n\nc"])
  }

  @Test func `only the last line feed is stripped`() {
    #expect(ParsedStream("data: a\ndata\ndata\n\n").data == ["a\n\n"])
  }

  // The standard tests the data buffer before it strips the last line feed, and its example says so: "the first
  // block fires events with the data set to the empty string, as would the last block if it was followed by a
  // blank line."
  @Test func `a block with empty data is dispatched`() {
    #expect(ParsedStream("data\n\ndata\ndata\n\ndata:").data == ["", "\n"])
    #expect(ParsedStream("data\n\ndata\ndata\n\ndata:\n\n").data == ["", "\n", ""])
  }

  @Test func `a block without data is not dispatched`() {
    #expect(ParsedStream("event: x\n\nid: 1\n\nretry: 5\n\n: c\n\n\n\n").events == [])
  }

  @Test func `the data is forgotten after its block`() {
    #expect(ParsedStream("data: a\n\nevent: x\n\ndata: b\n\n").data == ["a", "b"])
  }

  @Test(arguments: ["data: b", "data: b\n", "data: b\r\n", "id: 2\nevent: x\ndata: b\n"])
  func `an event without a blank line behind it is dropped`(_ rest: String) {
    #expect(ParsedStream("data: a\n\n\(rest)").data == ["a"])
    #expect(ParsedStream("data: a\n\n\(rest)").lastEventID == "")
  }

  // The name.

  @Test func `the name is message where none is given`() {
    #expect(ParsedStream("data: a\n\n").names == ["message"])
  }

  @Test(arguments: ["event", "event:", "event: "])
  func `an empty name is message`(_ line: String) {
    #expect(ParsedStream("\(line)\ndata: b\n\n").names == ["message"])
    #expect(ParsedStream("event: x\n\(line)\ndata: b\n\n").names == ["message"])
  }

  @Test func `the last of several names counts`() {
    #expect(ParsedStream("event: x\ndata: a\nevent: y\n\n").names == ["y"])
  }

  @Test func `the name is forgotten after its block`() {
    #expect(ParsedStream("event: x\ndata: a\n\ndata: b\n\n").names == ["x", "message"])
  }

  @Test func `the name is forgotten after a block that dispatches nothing`() {
    #expect(ParsedStream("event: x\n\ndata: c\n\n").names == ["message"])
  }

  // The last event ID.

  @Test func `the ID stays until another comes`() {
    let stream = ParsedStream("id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n")
    #expect(stream.ids == ["1", "1", "2"])
    #expect(stream.lastEventID == "2")
  }

  @Test func `the last of several IDs counts`() {
    #expect(ParsedStream("id: 1\ndata: a\nid: 2\n\n").ids == ["2"])
  }

  @Test func `an ID takes effect with its block's blank line`() {
    #expect(ParsedStream("id: 1\n\nid: 2\n").lastEventID == "1")
    #expect(ParsedStream("id: 1\n\nid: 2\n\n").lastEventID == "2")
  }

  @Test func `a block of an ID alone sets it without an event`() {
    let stream = ParsedStream("id: 7\n\ndata: a\n\n")
    #expect(stream.events == [ServerSentEvent(data: "a", lastEventID: "7")])
    #expect(ParsedStream("id: 7\n\n").lastEventID == "7")
  }

  @Test(arguments: ["id: 2\0", "id: \0", "id: \u{0}2"])
  func `an ID with a NUL is ignored`(_ line: String) {
    #expect(ParsedStream("id: 1\ndata: a\n\n\(line)\ndata: b\n\n").ids == ["1", "1"])
  }

  @Test(arguments: ["id", "id:", "id: "])
  func `an empty ID resets it`(_ line: String) {
    let stream = ParsedStream("id: 1\ndata: a\n\n\(line)\ndata: b\n\n")
    #expect(stream.ids == ["1", ""])
    #expect(stream.lastEventID == "")
  }

  // The reconnection time.

  @Test func `retry sets the reconnection time in milliseconds`() {
    #expect(ParsedStream("retry: 1500\n").reconnectionTime == .milliseconds(1_500))
    #expect(ParsedStream("retry:007\n\n").reconnectionTime == .milliseconds(7))
    #expect(ParsedStream("retry: 0\n").reconnectionTime == .zero)
  }

  @Test func `retry takes effect at once, not with its block`() {
    #expect(ParsedStream("retry: 3\n").reconnectionTime == .milliseconds(3))
    #expect(ParsedStream("retry: 3").reconnectionTime == nil)
  }

  @Test func `the last retry counts and stays`() {
    #expect(ParsedStream("retry: 3\nretry: 4\n\ndata: a\n\n").reconnectionTime == .milliseconds(4))
  }

  @Test(arguments: ["5s", "-5", "+5", "5.0", "1_0", "1e3", " 5", "5 ", "0x5", "５", "five", "5\0"])
  func `retry with anything but digits is ignored`(_ value: String) {
    #expect(ParsedStream("retry: 3\n\nretry: \(value)\n\n").reconnectionTime == .milliseconds(3))
  }

  @Test(arguments: ["retry", "retry:", "retry: "])
  func `an empty retry is ignored`(_ line: String) {
    #expect(ParsedStream("retry: 3\n\n\(line)\n\n").reconnectionTime == .milliseconds(3))
  }

  // The standard sets no bound; nanoseconds in 64 bits do.
  @Test(arguments: ["9223372036855", "9223372036854775807", "9223372036854775808", "99999999999999999999999"])
  func `a retry past 292 years is that long`(_ value: String) {
    let longest = ParsedStream("retry: \(value)\n").reconnectionTime
    #expect(longest == EventStreamParser.longestReconnectionTime)
    #expect(longest?.inNanoseconds == 9_223_372_036_854_000_000)
  }

  // The standard's own examples.

  @Test func `the standard's example of IDs`() {
    let stream = ParsedStream(
      ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n")
    #expect(
      stream.events == [
        ServerSentEvent(data: "first event", lastEventID: "1"),
        ServerSentEvent(data: "second event"),
        ServerSentEvent(data: " third event"),
      ])
  }

  @Test func `what an earlier connection left holds until an event says otherwise`() {
    var parser = EventStreamParser(lastEventID: "e:7", reconnectionTime: .milliseconds(5))
    #expect(parser.feed("\n: c\n\ndata: a\n\n".utf8).map(\.lastEventID) == ["e:7"])
    #expect(parser.lastEventID == "e:7")
    #expect(parser.reconnectionTime == .milliseconds(5))
    #expect(parser.feed("id: e:8\nretry: 9\ndata: b\n\n".utf8).map(\.lastEventID) == ["e:8"])
    #expect(parser.reconnectionTime == .milliseconds(9))
    #expect(parser.feed("id\n\n".utf8).isEmpty)
    #expect(parser.lastEventID == "")
  }

  @Test func `the standard's example of the stock ticker`() {
    #expect(ParsedStream("data: YHOO\ndata: +2\ndata: 10\n\n").data == ["YHOO\n+2\n10"])
  }

  @Test func `the standard's example of two identical events`() {
    #expect(ParsedStream("data:test\n\ndata: test\n\n").data == ["test", "test"])
  }
}
