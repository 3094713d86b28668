import LWS
import Testing

@testable import LabServer

// RFC 9110, section 12.5.1.
@Suite struct AcceptFieldTests {
  private static let events = "text/event-stream"
  private static let lines = "application/x-ndjson"

  /// What is chosen where events are preferred.
  private func choice(_ field: String) -> String? {
    let offers = [Self.events, Self.lines]
    return AcceptField(field).choice(among: offers).map { offers[$0] }
  }

  @Test(arguments: [
    "text/event-stream", "*/*", "text/*", "TEXT/Event-Stream", "text/event-stream, application/x-ndjson",
    "application/x-ndjson, text/event-stream", "application/x-ndjson;q=0.9, */*",
    "text/event-stream;charset=utf-8", "application/*, text/*", "*/*;q=0.1", " text/event-stream ; q=0.001",
    "application/x-ndjson;q=0, */*", "text/html,application/xhtml+xml,*/*;q=0.8",
  ])
  func `events are chosen where they are wanted as much as anything`(_ field: String) {
    #expect(choice(field) == Self.events)
  }

  @Test(arguments: [
    "application/x-ndjson", "application/*", "application/x-ndjson, text/event-stream;q=0.9",
    "text/event-stream;q=0.5, application/x-ndjson;q=0.501", "*/*;q=0.2, application/x-ndjson",
    "text/event-stream;q=0, */*", "text/*;q=0, */*;q=0.001", "text/event-stream; Q=0.3 , */*; q=0.4",
    #"text/html;level="a,text/event-stream", application/x-ndjson"#,
    #"text/html;level="\",text/event-stream", application/x-ndjson"#,
  ])
  func `another is chosen where it is wanted more`(_ field: String) {
    #expect(choice(field) == Self.lines)
  }

  @Test(arguments: [
    "", ",", "text/html", "image/*", "text/event-stream;q=0", "*/*;q=0", "*/event-stream", "text",
    "text/event-stream/x", "text/event-streams", "x-text/event-stream", "text/event-stream;q=2",
    "text/event-stream;q=1.001", "text/event-stream;q=0.1234", "text/event-stream;q=",
    "text/event-stream;q=-1", "text/event-stream;q", "text/event-stream;q =1", "text/event-stream;q=.5", "/",
    "text/",
  ])
  func `what is not asked for is not acceptable`(_ field: String) {
    #expect(choice(field) == nil)
  }

  @Test func `the closest range decides, wherever it stands`() {
    let ranges = ["text/event-stream;q=0.2", "text/*;q=0.9", "*/*"]
    for ranges in [ranges, ranges.reversed()] {
      let field = AcceptField(ranges.joined(separator: ", "))
      #expect(field.weight(of: Self.events) == 200)
      #expect(field.weight(of: "text/html") == 900)
      #expect(field.weight(of: Self.lines) == 1_000)
    }
  }

  @Test func `a range does not name what it holds`() {
    #expect(AcceptField("text/html, text/event-stream").names(Self.events))
    for field in ["*/*", "text/*", "text/event-stream;q=0", "text/event-streams", ""] {
      #expect(!AcceptField(field).names(Self.events))
    }
  }

  @Test(arguments: [nil, "*/*", "text/html", "text/event-stream", "application/json"])
  func `a chat is an event stream where nothing else is asked for`(_ field: String?) {
    let request = Request(
      method: .get, path: "/chat-stream", fields: field.map { ["accept": $0] } ?? [:])
    #expect(ChatStream(request).transport == ServerSentEvents.transport)
  }
}
