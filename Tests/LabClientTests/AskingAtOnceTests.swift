import Answers
import LabClient
import Readings
import Testing
import Wire

/// Asking in the request that reads, against literal bytes.
@Suite struct AskingAtOnceTests {
  private static let started =
    #"{"stream":"\#(Words.first)","epoch":"\#(Words.epoch)","started":5}"#
  private static let startedEvent = "event: started\nretry: 1\ndata: \(started)\n\n"
  private static let done = "event: done\nid: \(Words.epoch):4\ndata: [STREAM_END]\n\n"
  private static let target = "GET /chat-stream?\(Words.question.query) HTTP/1.1\r\n"
  private static let startedMessage = Frames.frame(1, Array(#"{"started":\#(started)}"#.utf8))

  private func read(
    _ transport: Transport, _ recovery: Recovery, _ answers: [ScriptedServer.Answer],
    from index: Int = 0
  ) async throws -> (reading: Reading, server: ScriptedServer) {
    try await ScriptedServer.read(transport, recovery, answers) { plan in
      plan.variant.asking = .atOnce
      plan.from = index
    }
  }

  private func indices(_ reading: Reading) -> [Int] { reading.arrivals.map(\.index) }

  private func events(_ indices: Range<Int>) -> String { indices.map(Words.event).joined() }

  @Test func `an event stream is asked for in one request`() async throws {
    let (reading, server) = try await read(
      .serverSentEvents, .none, [.say(Words.eventStream(Self.startedEvent, events(0..<4), Self.done))])
    #expect(reading.failure == nil)
    #expect(reading.end == .complete)
    #expect(indices(reading) == [0, 1, 2, 3])
    #expect(reading.requests == 1)
    #expect(reading.stream?.stream == Words.first)
    #expect(reading.answered != nil)
    #expect(server.requests.map { $0.hasPrefix(Self.target) } == [true])
    #expect(server.requests[0].contains("Last-Event-ID") == false)
  }

  @Test func `an event stream comes back to the same question, with the ID of its last event`() async throws {
    let (reading, server) = try await read(
      .serverSentEvents, .fast,
      [
        .sayAndClose(Words.eventStream(Self.startedEvent, events(0..<2))),
        .sayAndClose(Words.eventStream(Self.startedEvent)),
        .say(Words.eventStream(Self.startedEvent, events(2..<4), Self.done)),
      ])
    #expect(reading.failure == nil)
    #expect(indices(reading) == [0, 1, 2, 3])
    #expect(server.requests.allSatisfy { $0.hasPrefix(Self.target) })
    let ids = server.requests.map { $0.contains("\r\nLast-Event-ID: \(Words.epoch):1\r\n") }
    #expect(ids == [false, true, true])
  }

  @Test func `an event stream that begins later says what it does without`() async throws {
    let (reading, server) = try await read(
      .serverSentEvents, .none, [.say(Words.eventStream(Self.startedEvent, events(3..<4), Self.done))],
      from: 3)
    #expect(indices(reading) == [3])
    #expect(server.requests[0].contains("\r\nLast-Event-ID: \(Words.epoch):2\r\n"))
  }

  @Test func `fewer tokens than were asked for have been stopped`() async throws {
    let done = "event: done\nid: \(Words.epoch):2\ndata: [STREAM_END]\n\n"
    let (reading, _) = try await read(
      .serverSentEvents, .none, [.say(Words.eventStream(Self.startedEvent, events(0..<2), done))])
    #expect(reading.failure == nil)
    #expect(reading.end == .stopped)
  }

  @Test func `a naive event stream gets all of it again`() async throws {
    let (reading, server) = try await read(
      .serverSentEvents, .naive,
      [
        .sayAndClose(Words.eventStream(Self.startedEvent, events(0..<2))),
        .say(Words.eventStream(Self.startedEvent, events(0..<4), Self.done)),
      ])
    #expect(indices(reading) == [0, 1, 0, 1, 2, 3])
    #expect(!server.requests[1].contains("Last-Event-ID"))
  }

  @Test func `there is nothing to ask anew where the question is refused`() async throws {
    for answer in [Words.response(204), Words.response(404, "{}"), Words.response(400, "{}")] {
      let (reading, server) = try await read(.serverSentEvents, .fast, [.say(answer)])
      #expect(reading.failure != nil)
      #expect(server.requests.count == 1)
    }
    let error = "event: error\nid: refused\ndata: {\"error\":\"no 'prompt'\"}\n\n"
    let (reading, _) = try await read(.serverSentEvents, .fast, [.say(Words.eventStream(error))])
    #expect(reading.failure == "the server answered 400: no 'prompt'")
  }

  @Test func `a socket is asked with its first message`() async throws {
    let (reading, server) = try await read(
      .webSocket, .none,
      [.upgrade([Self.startedMessage] + Frames.tokens + [Frames.done, Frames.close(1000)])])
    #expect(reading.failure == nil)
    #expect(reading.end == .complete)
    #expect(indices(reading) == [0, 1, 2, 3])
    #expect(reading.requests == 1)
    #expect(reading.answered != nil)
    #expect(reading.up.payload == Words.question.json.count)
    #expect(server.requests[0].hasPrefix("GET /chat-socket HTTP/1.1\r\n"))
    #expect(Frames.read(server.sockets[0])?.first == [0x81] + Words.question.json)
  }

  @Test func `a socket that comes back asks for the rest`() async throws {
    let (reading, server) = try await read(
      .webSocket, .fast,
      [
        .upgrade([Self.startedMessage] + Frames.tokens.prefix(2) + [Frames.close(1001)]),
        .upgrade([Self.startedMessage] + Frames.tokens.suffix(2) + [Frames.done, Frames.close(1000)]),
      ])
    #expect(reading.failure == nil)
    #expect(indices(reading) == [0, 1, 2, 3])
    let rest = Asking(Words.question, from: 2, epoch: Words.epoch).json
    // The server notes them as they end.
    #expect(
      Set(server.sockets.compactMap { Frames.read($0)?.first }) == [
        [0x81] + Words.question.json, [0x81] + rest,
      ])
  }

  @Test func `a socket that refuses the question says why`() async throws {
    let (reading, _) = try await read(
      .webSocket, .fast,
      [.upgrade([Frames.frame(1, ErrorBody(error: "no 'prompt'").json), Frames.close(1008)])])
    #expect(reading.failure == "the WebSocket was closed with 1008: no 'prompt'")
  }

  @Test(arguments: [Transport.serverSentEvents, .httpStreaming, .webSocket])
  func `another text under the question is the end`(_ transport: Transport) async throws {
    let other = Self.started.replacing(Words.epoch, with: "0123456789abcdef")
    let otherMessage = #"{"started":\#(other)}"#
    let answers: [ScriptedServer.Answer] =
      switch transport {
      case .webSocket:
        [
          .upgrade([Self.startedMessage, Frames.tokens[0], Frames.close(1001)]),
          .upgrade([Frames.frame(1, Array(otherMessage.utf8))]),
        ]
      case .httpStreaming:
        [
          .sayAndClose(Words.lineStream(Words.startedLine, Words.line(0))),
          .say(Words.lineStream(otherMessage + "\n")),
        ]
      default:
        [
          .sayAndClose(Words.eventStream(Self.startedEvent, events(0..<1))),
          .say(Words.eventStream("event: started\ndata: \(other)\n\n")),
        ]
      }
    let (reading, _) = try await read(transport, .fast, answers)
    #expect(reading.failure == "the server has a different answer from that of epoch \(Words.epoch)")
    #expect(indices(reading) == [0])
  }
}
