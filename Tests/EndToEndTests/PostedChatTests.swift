import Answers
import Foundation
import Testing
import Wire

/// Asking by POST and reading in one request: what chat pages do with fetch.
@Suite struct PostedChatTests {
  private static let question = Question(
    prompt: "Hello & you", seed: 3, tokenCount: 30, pacing: Pacing(think: .zero, rate: 2_000))

  /// The tokens' texts of an answer, and whether its last event is `done`.
  private func answer(
    _ lab: LabFixture, _ asking: Asking, fields: String = ""
  ) throws -> (texts: [String], isDone: Bool) {
    let connection = try RawConnection(port: lab.port)
    let body = String(decoding: asking.json, as: UTF8.self)
    // Of HTTP/1.0, whose body comes in no chunks.
    try connection.send(
      "POST /chat-stream HTTP/1.0\r\nHost: localhost\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    )
    let head = try connection.receive(through: "\r\n\r\n")
    #expect(head.contains(" 200 OK\r\n") && head.contains("content-type: text/event-stream\r\n"))
    var parser = EventStreamParser()
    let events = parser.feed(Array(try connection.receiveToEnd().utf8))
    #expect(events.first?.name == "started")
    let texts = try events.filter { $0.name == "message" }.map { event in
      try JSONDecoder().decode(TokenPayload.self, from: Data(event.data.utf8)).token
    }
    return (texts, events.last?.name == "done" && events.last?.data == Done.ofChat)
  }

  @Test func `a question is answered as an event stream`() async throws {
    try await withLab { lab in
      let whole = try answer(lab, Asking(Self.question))
      #expect(whole.texts == Array(Script(Self.question)) && whole.isDone)
    }
  }

  @Test func `who comes back gets the rest, by epoch and index or by the last event's ID`() async throws {
    try await withLab { lab in
      let epoch = Self.question.epoch.description
      let rest = Array(Array(Script(Self.question))[12...])
      let named = try answer(lab, Asking(Self.question, from: 12, epoch: epoch))
      #expect(named.texts == rest && named.isDone)
      let told = try answer(lab, Asking(Self.question), fields: "Last-Event-ID: \(epoch):11\r\n")
      #expect(told.texts == rest && told.isDone)
    }
  }

  // What 204 tells an EventSource, fetch takes for an answer.
  @Test(arguments: ["0123456789abcdef:3", "nonsense", "refused", "3"])
  func `an ID of another answer is refused`(_ id: String) async throws {
    try await withLab { lab in
      let body = String(decoding: Self.question.json, as: UTF8.self)
      let answer = try lab.request(
        "POST", "/chat-stream", fields: "Last-Event-ID: \(id)\r\nAccept: text/event-stream\r\n", body: body)
      #expect(answer.status == 409)
      #expect(answer.body.hasPrefix(#"{"error":"the last event ID"#))
      #expect(try lab.metric("pushlab_streams_started_total") == 0)
    }
  }

  @Test(arguments: [29, 30, 31, 9_223_372_036_854_775_807])
  func `who has seen the end is told of it again`(_ index: Int) async throws {
    try await withLab { lab in
      let epoch = Self.question.epoch
      let end = try answer(lab, Asking(Self.question), fields: "Last-Event-ID: \(epoch):\(index)\r\n")
      #expect(end.texts == [] && end.isDone)
    }
  }

  @Test(arguments: [
    (#"{"prompt":"a","rate":0}"#, 400), ("no JSON", 400), (#"{"prompt":"a","color":1}"#, 400), ("", 400),
    (#"{"prompt":"a","tokens":100000,"size":1000}"#, 413),
    (#"{"prompt":"a","epoch":"0123456789abcdef"}"#, 409),
  ])
  func `a mistake has its status, whatever is accepted`(_ body: String, _ status: Int) async throws {
    try await withLab { lab in
      for fields in ["", "Accept: text/event-stream\r\n"] {
        let answer = try lab.request("POST", "/chat-stream", fields: fields, body: body)
        #expect(answer.status == status)
        #expect(answer.body.hasPrefix(#"{"error":"#))
      }
      #expect(try lab.metric("pushlab_streams_started_total") == 0)
    }
  }
}
