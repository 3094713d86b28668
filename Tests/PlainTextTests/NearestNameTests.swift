import PlainText
import Testing

@Suite struct NearestNameTests {
  private let names = ["short-polling", "long-polling", "server-sent-events", "websocket"]

  @Test(arguments: [
    ("websockets", "websocket"), ("wbsocket", "websocket"), ("WebSocket", "websocket"),
    ("longpolling", "long-polling"), ("short_polling", "short-polling"),
    ("server-sent-event", "server-sent-events"),
  ])
  func `a misspelt name is told from the others`(_ word: String, _ name: String) {
    #expect(names.nearest(to: word) == name)
  }

  @Test(arguments: ["", "pigeon", "polling", "sse", "ws", String(repeating: "websocket", count: 10_000)])
  func `what resembles no name is not guessed at`(_ word: String) {
    #expect(names.nearest(to: word) == nil)
  }

  @Test func `a refusal suggests the nearest name, and lists all`() {
    let flowers = ["rose", "tulip"]
    #expect(
      flowers.refusal(of: "tulp", kind: "flower")
        == "'tulp' is not a flower (did you mean tulip?); the flowers are rose, tulip")
    #expect(
      flowers.refusal(of: "oak", kind: "flower") == "'oak' is not a flower; the flowers are rose, tulip")
  }

  @Test func `another name may be meant than the nearest`() {
    let full = ["rose": "red rose"]
    #expect(["rose"].suggestion(for: "rse") { full[$0] } == " (did you mean red rose?)")
    #expect(["tulip"].suggestion(for: "tulp") { full[$0] } == "")
  }

  @Test func `of no names none is near`() {
    #expect([String]().nearest(to: "websocket") == nil)
    #expect([""].nearest(to: "a") == nil)
  }
}
