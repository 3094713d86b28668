import Testing
import Wire

/// The rules about events as wholes: what dispatches, and what stays from one to the next.
@Suite struct EventDispatchTests {
  private var parser = EventStreamParser()

  private mutating func feed(_ text: String) -> [ServerSentEvent] { parser.feed(text.utf8) }

  @Test mutating func `a block without data is not dispatched`() {
    #expect(feed("event: x\n\nid: 1\n\nretry: 5\n\n: c\n\n\n\n") == [])
  }

  // The standard tests the data buffer before it strips the last line feed, and its example says so: "the first
  // block fires events with the data set to the empty string, as would the last block if it was followed by a
  // blank line."
  @Test mutating func `a block with empty data is dispatched`() {
    #expect(feed("data\n\ndata\ndata\n\ndata:").map(\.data) == ["", "\n"])
    #expect(feed("\n\n").map(\.data) == [""])
    #expect(feed("data:\ndata:\n\n").map(\.data) == ["\n"])
    #expect(feed("data: \n\n").map(\.data) == [""])
  }

  @Test mutating func `an event without a blank line behind it is dropped`() {
    #expect(feed("data: a\n\nid: 2\ndata: b\n").map(\.data) == ["a"])
    #expect(parser.lastEventID == "")
  }

  @Test mutating func `the name is message where none is given`() {
    let events = feed("data: a\n\nevent\ndata: b\n\nevent:\ndata: c\n\n")
    #expect(events.map(\.name) == ["message", "message", "message"])
  }

  @Test mutating func `the last of several names counts`() {
    #expect(feed("event: x\nevent: y\ndata: a\n\n").map(\.name) == ["y"])
    #expect(feed("event: x\nevent\ndata: a\n\n").map(\.name) == ["message"])
  }

  @Test mutating func `the name is forgotten after its block`() {
    #expect(feed("event: x\ndata: a\n\ndata: b\n\n").map(\.name) == ["x", "message"])
    // Also after a block that dispatches nothing.
    #expect(feed("event: x\n\ndata: c\n\n").map(\.name) == ["message"])
  }

  @Test mutating func `the ID stays until another comes`() {
    let events = feed("id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n")
    #expect(events.map(\.lastEventID) == ["1", "1", "2"])
    #expect(parser.lastEventID == "2")
  }

  @Test mutating func `an ID takes effect with its block's blank line`() {
    _ = feed("id: 1\n\nid: 2\n")
    #expect(parser.lastEventID == "1")
    _ = feed("\n")
    #expect(parser.lastEventID == "2")
  }

  @Test mutating func `a block of an ID alone sets it without an event`() {
    #expect(feed("id: 7\n\n") == [])
    #expect(parser.lastEventID == "7")
    #expect(feed("data: a\n\n").map(\.lastEventID) == ["7"])
  }

  @Test mutating func `an ID with a NUL is ignored`() {
    _ = feed("id: 1\ndata: a\n\n")
    #expect(feed("id: 2\0\ndata: b\n\n").map(\.lastEventID) == ["1"])
    #expect(feed("id: \0\ndata: c\n\n").map(\.lastEventID) == ["1"])
  }

  @Test(arguments: ["id", "id:", "id: "])
  mutating func `an empty ID resets it`(_ line: String) {
    #expect(feed("id: 1\ndata: a\n\n\(line)\ndata: b\n\n").map(\.lastEventID) == ["1", ""])
    #expect(parser.lastEventID == "")
  }

  @Test mutating func `retry sets the reconnection time in milliseconds, at once`() {
    #expect(parser.reconnectionTime == nil)
    _ = feed("retry: 1500\n")
    #expect(parser.reconnectionTime == .milliseconds(1_500))
    _ = feed("retry:007\n\n")
    #expect(parser.reconnectionTime == .milliseconds(7))
    _ = feed("retry: 0\n")
    #expect(parser.reconnectionTime == .zero)
  }

  @Test(arguments: ["5s", "-5", "+5", "5.0", " 5", "5 ", "0x5", "５", "five"])
  mutating func `retry with anything but digits is ignored`(_ value: String) {
    _ = feed("retry: 3\n\nretry: \(value)\n\n")
    #expect(parser.reconnectionTime == .milliseconds(3))
  }

  @Test(arguments: ["retry", "retry:", "retry: "])
  mutating func `an empty retry is ignored`(_ line: String) {
    _ = feed("retry: 3\n\n\(line)\n\n")
    #expect(parser.reconnectionTime == .milliseconds(3))
  }

  @Test mutating func `the standard's example of IDs`() {
    let events = feed(
      ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n")
    #expect(
      events == [
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
}
