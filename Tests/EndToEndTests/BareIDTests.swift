import Answers
import Foundation
import LabClient
import Readings
import Testing
import Wire

/// Event streams whose IDs leave the epoch out, byte by byte.
@Suite struct BareIDTests {
  private let question = Question(prompt: "Hush", tokenCount: 4, pacing: Pacing(think: .zero, rate: 1_000))

  private func events(_ lab: LabFixture, _ path: String, lastEventID: String? = nil) throws -> String {
    let connection = try RawConnection(port: lab.port)
    let field = lastEventID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
    try connection.send("GET \(path) HTTP/1.0\r\nHost: localhost\r\n\(field)\r\n")
    _ = try connection.receive(through: "\r\n\r\n")
    return try connection.receiveToEnd()
  }

  private func expected(_ indices: Range<Int>) -> String {
    let texts = Array(Script(question))
    let tokens = indices.map { index in
      let payload = String(decoding: TokenPayload(index: index, token: texts[index]).json, as: UTF8.self)
      return "id: \(index)\ndata: \(payload)\n\n"
    }
    return "retry: 1000\n\n" + tokens.joined()
      + "event: done\nid: 4\ndata: {\"reason\":\"complete\",\"tokens\":4}\n\n"
  }

  @Test func `events carry their index, and a reader that has seen one gets those behind it`() async throws {
    try await withLab { lab in
      let stream = try lab.start(question)
      let path = "/streams/\(stream.stream)/events?from=0&ids=index"
      #expect(try events(lab, path) == expected(0..<4))
      for seen in 0..<4 {
        #expect(try events(lab, path, lastEventID: "\(seen)") == expected(seen + 1..<4))
      }
    }
  }

  @Test(arguments: ["4", "99", "x", "-1", "99999999999999999999"])
  func `who has seen the end, or what is no index, is told to stop`(_ id: String) async throws {
    try await withLab { lab in
      let stream = try lab.start(question)
      _ = try events(lab, "/streams/\(stream.stream)/events")
      let path = "/streams/\(stream.stream)/events?ids=index"
      #expect(try lab.request("GET", path, fields: "Last-Event-ID: \(id)\r\n").status == 204)
    }
  }

  @Test func `an index says nothing where IDs are full, and a full ID nothing where they are indices`()
    async throws
  {
    try await withLab { lab in
      let stream = try lab.start(question)
      let path = "/streams/\(stream.stream)/events"
      #expect(try lab.request("GET", path, fields: "Last-Event-ID: 1\r\n").status == 204)
      let full = "Last-Event-ID: \(stream.epoch):1\r\n"
      #expect(try lab.request("GET", path + "?ids=index", fields: full).status == 204)
    }
  }

  @Test func `another form is refused with a word about it`() async throws {
    try await withLab { lab in
      let stream = try lab.start(question)
      let answer = try lab.request("GET", "/streams/\(stream.stream)/events?ids=none")
      #expect(answer.status == 400)
      #expect(answer.body.contains("'ids' takes full or index"))
      let chat = try lab.request("GET", "/chat-stream?prompt=a&ids=index")
      #expect(chat.status == 400)
      #expect(chat.body.contains("'ids' takes full here"))
    }
  }
}
