import Answers
import Foundation
import LabClient
import Readings
import Testing
import Wire

/// curl as a reader that shares no code with ours.
@Suite struct CurlTests {
  @Test func `curl reads the event stream our reader reads`() async throws {
    try await withLab { lab in
      let question = Question.fast(tokens: 60)
      let stream = try lab.start(question)
      let outcome = try await curl("-N", "http://127.0.0.1:\(lab.port)/streams/\(stream.stream)/events")
      var parser = EventStreamParser()
      let events = parser.feed(Array(outcome.utf8))
      let tokens = try events.filter { $0.name == "message" }.map { event in
        try JSONDecoder().decode(TokenPayload.self, from: Data(event.data.utf8))
      }
      #expect(tokens.map(\.token) == Array(Script(question)))
      #expect(tokens.map(\.index) == Array(0..<60))
      #expect(events.last?.data == #"{"reason":"complete","tokens":60}"#)
      #expect(events.last?.lastEventID == "\(question.epoch):60")
      #expect(parser.reconnectionTime == .seconds(1))
    }
  }

  @Test func `curl reads the polls our reader reads`() async throws {
    try await withLab { lab in
      let question = Question.fast(tokens: 60)
      let stream = try lab.start(question)
      var texts: [String] = []
      var next = 0
      var isDone = false
      while !isDone {
        let url = "http://127.0.0.1:\(lab.port)/streams/\(stream.stream)/long-poll?from=\(next)"
        let page = try await PollPage(json: Array(try curl(url).utf8))
        texts += page.tokens.map(\.token)
        next = page.next
        isDone = page.done
      }
      #expect(texts == Array(Script(question)))
      let url = "http://127.0.0.1:\(lab.port)/streams/\(stream.stream)/poll"
      let page = try await PollPage(json: Array(try curl(url).utf8))
      #expect(page.tokens.map(\.token) == texts)
    }
  }

  @Test func `curl keeps its connection from one event stream to the next`() async throws {
    try await withLab { lab in
      let url = "http://127.0.0.1:\(lab.port)/chat-stream?prompt=a&tokens=3&think=0"
      let connects = try await curl(
        "-N", "-w", "%{num_connects};", "-o", "/dev/null", url, "-o", "/dev/null", url)
      #expect(connects == "1;0;")
    }
  }

  @Test func `HTTP 1.0 gets a body that the connection's end ends`() async throws {
    try await withLab { lab in
      let url = "http://127.0.0.1:\(lab.port)/chat-stream?prompt=a&tokens=3&think=0"
      let text = try await curl("-N", "-i", "--http1.0", url)
      #expect(text.contains("connection: close"))
      #expect(!text.contains("chunked"))
      #expect(text.hasSuffix("data: [STREAM_END]\n\n"))
    }
  }

  private func curl(_ arguments: String...) async throws -> String {
    let outcome = try await Command.run("/usr/bin/curl", ["-s", "--max-time", "60"] + arguments)
    #expect(outcome.status == 0)
    return outcome.output
  }
}
