import Answers
import Foundation
import LabClient
import LabServer
import Readings
import Testing
import Wire

/// Asking and reading in one: the event stream and the WebSocket that a chat page uses.
@Suite struct ChatTests {
  static let path = "/chat-stream?prompt=Hello%20%26+you&tokens=30&rate=2000&think=0.001&seed=3"
  static let question = Question(prompt: "Hello & you", seed: 3, tokenCount: 30)

  // RFC 9110, sections 9.2.1 and 9.3.2.
  @Test func `who asks for a chat's head alone begins no answer`() async throws {
    try await withLab { lab in
      let connection = try RawConnection(port: lab.port)
      for _ in 0..<3 {
        try connection.send("HEAD /chat-stream?prompt=a HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let head = try connection.receive(through: "\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(head.contains("content-type: text/event-stream\r\n"))
      }
      try connection.send("HEAD /chat-stream?rate=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(try connection.receive(through: "\r\n\r\n").hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
      #expect(try lab.metric("pushlab_streams_started_total") == 0)
    }
  }

  @Test func `the event stream names itself, types the answer and ends`() async throws {
    try await withLab { lab in
      let (events, parser) = try events(of: lab.port, Self.path)
      #expect(events.first?.name == "started")
      let started = try JSONDecoder().decode(StreamStarted.self, from: Data(events[0].data.utf8))
      #expect(started.epoch == Self.question.epoch.description)
      #expect(try tokens(in: events) == Array(Script(Self.question)))
      #expect(events.last?.name == "done")
      #expect(events.last?.data == "[STREAM_END]")
      #expect(parser.reconnectionTime == .seconds(1))
    }
  }

  @Test func `a reader that comes back gets the rest of the same answer`() async throws {
    try await withLab { lab in
      let epoch = Self.question.epoch
      let (rest, _) = try events(of: lab.port, Self.path, fields: "Last-Event-ID: \(epoch):11\r\n")
      #expect(try tokens(in: rest) == Array(Array(Script(Self.question))[12...]))
      #expect(rest.last?.data == "[STREAM_END]")
      // The last token was there, `done` was not.
      let (end, _) = try events(of: lab.port, Self.path, fields: "Last-Event-ID: \(epoch):29\r\n")
      #expect(end.map(\.name) == ["started", "done"])
    }
  }

  @Test func `a reader may name the place to begin, and its last event's ID counts more`() async throws {
    try await withLab { lab in
      let epoch = Self.question.epoch
      let path = Self.path + "&from=12&epoch=\(epoch)"
      let texts = Array(Script(Self.question))
      #expect(try tokens(in: events(of: lab.port, path).0) == Array(texts[12...]))
      let (rest, _) = try events(of: lab.port, path, fields: "Last-Event-ID: \(epoch):19\r\n")
      #expect(try tokens(in: rest) == Array(texts[20...]))
      for (query, status) in [("&from=31", 400), ("&from=-1", 400), ("&epoch=0123456789abcdef", 409)] {
        #expect(try lab.request("GET", Self.path + query).status == status)
        let fields = "Accept: text/event-stream\r\n"
        #expect(try lab.request("GET", Self.path + query, fields: fields).body.hasPrefix("event: error\n"))
      }
    }
  }

  @Test func `a prompt that is too long is told the server's own limit`() async throws {
    var limits = Limits()
    limits.promptBytes = 10
    try await withLab(limits: limits) { lab in
      let long = String(repeating: "a", count: 11)
      for path in ["/streams", "/chat-stream"] {
        let answer = try lab.request("POST", path, body: #"{"prompt":"\#(long)"}"#)
        #expect(answer.status == 413)
        #expect(answer.body.contains("'prompt' has 11 bytes; it takes at most 10"))
        #expect(try lab.request("POST", path, body: "{}").body.contains("a text of 1 to 10 bytes"))
      }
      #expect(try lab.request("GET", "/chat-stream?prompt=\(long)").status == 414)
      let socket = try SocketPeer(port: lab.port, path: "/chat-socket")
      // Longer than any server takes.
      try socket.send(#"{"prompt":"\#(String(repeating: "a", count: 70_000))"}"#)
      #expect(try socket.message() == .error("'prompt' has 70000 bytes; it takes at most 10"))
      #expect(try socket.closeCode() == 1009)
    }
  }

  @Test(arguments: ["\(question.epoch):30", "0123456789abcdef:3", "nonsense", "refused"])
  func `a reader with nothing to come back to is told to stop`(_ id: String) async throws {
    try await withLab { lab in
      let answer = try lab.request("GET", Self.path, fields: "Last-Event-ID: \(id)\r\n")
      #expect(answer.status == 204)
    }
  }

  @Test func `an event source is told its mistake in an event, once`() async throws {
    try await withLab { lab in
      let accept = "Accept: text/event-stream\r\n"
      let answer = try lab.request("GET", "/chat-stream?prompt=a&rate=0", fields: accept)
      #expect(answer.status == 200)
      var parser = EventStreamParser()
      let event = try #require(parser.feed(Array(answer.body.utf8)).first)
      #expect(event.name == "error")
      #expect(event.data.contains("'rate'"))
      let fields = accept + "Last-Event-ID: \(event.lastEventID)\r\n"
      #expect(try lab.request("GET", "/chat-stream?prompt=a&rate=0", fields: fields).status == 204)
    }
  }

  @Test(arguments: [
    "GET /chat-stream?prompt=a&think=3600 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "POST /chat-stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 27\r\n\r\n{\"prompt\":\"a\",\"think\":3600}",
  ])
  func `leaving the event stream stops the generation`(_ request: String) async throws {
    try await withLab { lab in
      var connection: RawConnection? = try RawConnection(port: lab.port)
      try connection?.send(request)
      let text = try connection?.receive(through: "\n\n") ?? ""
      let id = try #require(text.firstMatch(of: /"stream":"([0-9a-f]+)"/)?.1)
      connection = nil
      try await lab.untilMetric(#"pushlab_open_exchanges{transport="server-sent-events"}"#, is: 0)
      #expect(try lab.request("GET", "/streams/\(id)").body.contains(#""reason":"stopped""#))
    }
  }

  @Test func `the socket asks, types and closes with 1000`() async throws {
    try await withLab { lab in
      let socket = try SocketPeer(port: lab.port, path: "/chat-socket")
      try socket.send(#"{"prompt":"Hello & you","tokens":30,"rate":2000,"think":0.001,"seed":3}"#)
      guard case .started(let started) = try socket.message() else {
        throw RawConnection.Failure(what: "no started")
      }
      #expect(started.epoch == Self.question.epoch.description)
      var texts: [String] = []
      while case .token(let payload) = try socket.message() { texts.append(payload.token) }
      #expect(texts == Array(Script(Self.question)))
      #expect(try socket.closeCode() == 1000)
    }
  }

  @Test func `a socket for many turns takes one question after the other`() async throws {
    try await withLab { lab in
      let socket = try SocketPeer(port: lab.port, path: "/chat-socket?turns=many")
      for turn in 1...3 {
        try socket.send(#"{"prompt":"a","tokens":\#(turn),"think":0,"rate":1000}"#)
        guard case .started = try socket.message() else { throw RawConnection.Failure(what: "no started") }
        var tokens = 0
        var message = try socket.message()
        while case .token = message {
          tokens += 1
          message = try socket.message()
        }
        #expect(tokens == turn)
        #expect(message == .done(Done(reason: .complete, tokens: turn)))
      }
      try socket.send(#"{"prompt":"a","think":3600}"#)
      guard case .started = try socket.message() else { throw RawConnection.Failure(what: "no started") }
      try socket.send(#"{"stop":true}"#)
      #expect(try socket.message() == .done(Done(reason: .stopped, tokens: 0)))
      // It has crossed the answer's end.
      try socket.send(#"{"stop":true}"#)
      try socket.send(#"{"prompt":"a","think":3600}"#)
      guard case .started = try socket.message() else { throw RawConnection.Failure(what: "no started") }
      try socket.send(#"{"prompt":"b"}"#)
      #expect(try socket.message() == .error("an answer is being given: ask again behind its end"))
      try socket.send(#"{"stop":true}"#)
      #expect(try socket.message() == .done(Done(reason: .stopped, tokens: 0)))
      try socket.send("{}")
      guard case .error = try socket.message() else { throw RawConnection.Failure(what: "no error") }
      #expect(try socket.closeCode() == 1008)
    }
  }

  @Test func `the socket stops on a word`() async throws {
    try await withLab { lab in
      let socket = try SocketPeer(port: lab.port, path: "/chat-socket")
      try socket.send(#"{"prompt":"a","think":3600}"#)
      guard case .started = try socket.message() else { throw RawConnection.Failure(what: "no started") }
      try socket.send(#"{"stop":true}"#)
      #expect(try socket.message() == .done(Done(reason: .stopped, tokens: 0)))
      #expect(try socket.closeCode() == 1000)
    }
  }

  @Test(arguments: ["{}", "not JSON", #"{"prompt":"a","rate":0}"#])
  func `the socket refuses a question it cannot take`(_ message: String) async throws {
    try await withLab { lab in
      let socket = try SocketPeer(port: lab.port, path: "/chat-socket")
      try socket.send(message)
      guard case .error = try socket.message() else { throw RawConnection.Failure(what: "no error") }
      #expect(try socket.closeCode() == 1008)
    }
  }

  @Test func `the echo gives back text and binary`() async throws {
    try await withLab { lab in
      let socket = try SocketPeer(port: lab.port, path: "/echo")
      for text in ["a", "", "🙂 naïve", String(repeating: "x", count: 70_000)] {
        try socket.send(text)
        let frame = try socket.frame()
        #expect(frame.opcode == 1)
        #expect(String(decoding: frame.payload, as: UTF8.self) == text)
      }
      try socket.send(opcode: 2, [0, 255, 1])
      #expect(try socket.frame().payload == [0, 255, 1])
    }
  }

  private func events(
    of port: Int, _ path: String, fields: String = ""
  ) throws -> ([ServerSentEvent], EventStreamParser) {
    let connection = try RawConnection(port: port)
    try connection.send("GET \(path) HTTP/1.0\r\nHost: localhost\r\n\(fields)\r\n")
    _ = try connection.receive(through: "\r\n\r\n")
    var parser = EventStreamParser()
    let events = parser.feed(Array(try connection.receiveToEnd().utf8))
    return (events, parser)
  }

  private func tokens(in events: [ServerSentEvent]) throws -> [String] {
    try events.filter { $0.name == "message" }.map { event in
      try JSONDecoder().decode(TokenPayload.self, from: Data(event.data.utf8)).token
    }
  }
}
