import Answers
import Testing
import Wire

@Suite struct PollPageTests {
  private static let empty = PollPage(tokens: [], next: 3, done: false, reason: nil)
  private static let two = PollPage(
    tokens: [TokenPayload(index: 3, token: " sky"), TokenPayload(index: 4, token: "}\n")],
    next: 5, done: false, reason: nil)
  private static let last = PollPage(
    tokens: [TokenPayload(index: 5, token: ".")], next: 6, done: true, reason: .complete)
  private static let stopped = PollPage(tokens: [], next: 6, done: true, reason: .stopped)
  private static let failed = PollPage(tokens: [], next: 6, done: true, reason: .failed, error: #""no""#)

  private static let pages: [(PollPage, String)] = [
    (empty, #"{"tokens":[],"next":3,"done":false}"#),
    (
      two,
      #"{"tokens":[{"index":3,"token":" sky"},{"index":4,"token":"}\n"}],"next":5,"done":false}"#
    ),
    (last, #"{"tokens":[{"index":5,"token":"."}],"next":6,"done":true,"reason":"complete"}"#),
    (stopped, #"{"tokens":[],"next":6,"done":true,"reason":"stopped"}"#),
    (failed, #"{"tokens":[],"next":6,"done":true,"reason":"failed","error":"\"no\""}"#),
  ]

  @Test(arguments: pages)
  func `literal bytes of a page`(_ page: PollPage, _ text: String) {
    #expect(String(decoding: page.json, as: UTF8.self) == text)
  }

  @Test(arguments: pages)
  func `a page reads back`(_ page: PollPage, _ text: String) throws {
    #expect(try PollPage(json: text.utf8) == page)
  }

  @Test func `tokens that were framed before go in as they are`() {
    let page = Self.two
    let bytes = PollPage.json(tokens: page.tokens.map(\.json), next: 5, done: false, ending: nil)
    #expect(bytes == page.json)
  }

  @Test func `a reason that is read before the end is left out`() throws {
    let page = try PollPage(json: #"{"tokens":[],"next":7,"done":false,"reason":"stopped"}"#.utf8)
    #expect(page == PollPage(tokens: [], next: 7, done: false, reason: nil))
  }

  @Test func `a page that does not reach the end gives no reason`() {
    // As where the log has ended but holds more than the page.
    let page = PollPage(tokens: [], next: 3, done: false, reason: .complete)
    #expect(page.json == Self.empty.json)
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"tokens":[],"next":3}"#, #"{"tokens":[],"done":false}"#, #"{"next":3,"done":false}"#,
    #"{"tokens":[{"index":3}],"next":3,"done":false}"#, #"{"tokens":[],"next":"3","done":false}"#,
    #"{"tokens":[],"next":3,"done":true,"reason":"bored"}"#, #"{"tokens":[],"next":3,"done":false"#,
    // Numbers that are no index.
    #"{"tokens":[],"next":9223372036854775807,"done":false}"#, #"{"tokens":[],"next":-1,"done":false}"#,
    #"{"tokens":[{"index":9223372036854775807,"token":"a"}],"next":3,"done":false}"#,
  ])
  func `what is not a page throws`(_ text: String) {
    #expect(throws: DecodingError.self) { try PollPage(json: text.utf8) }
  }
}
