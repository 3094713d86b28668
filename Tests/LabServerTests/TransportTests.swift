import Answers
import LWS
import MonotonicTime
import Testing
import TokenStream
import Wire

@testable import LabServer

/// The transports' answers turn by turn, with no socket in sight.
@Suite struct TransportTests {
  private let start = Instant(nanoseconds: 1_000_000_000)
  private let telemetry = TransportTelemetry()
  private let reader = Sleeper()
  private let generation = Generator()
  private let stream: HostedStream

  /// Three tokens, one a second, the first at once.
  init() {
    let pacing = Pacing(think: .zero, rate: 1, jitter: 0)
    var generator = SeededGenerator(seed: 1)
    let question = Question(prompt: "hello", tokenCount: 3, pacing: pacing)
    stream = HostedStream(
      LiveStream(id: StreamID(using: &generator), answering: PosedQuestion(question), now: start))
  }

  private var source: FramedLog { stream.tokens }

  private func pass(_ seconds: Int) {
    _ = stream.live.advance(to: start.advanced(by: .seconds(seconds)))
  }

  private func cursor(from index: Int, lagLimit: Int = 100) -> Cursor {
    Cursor(source, from: index, lagLimit: lagLimit, waking: reader)
  }

  /// What a transport answers a request with.
  private func responder<Served: ServedTransport>(
    _ type: Served.Type, _ query: [(String, String)] = [], lagLimit: Int = 100, heldPolls: Int = 10
  ) throws -> any Responder {
    var limits = Limits()
    limits.lagTokens = lagLimit
    limits.heldPolls = heldPolls
    return try Served(Request(method: .get, path: "/", query: query)).responder(
      for: StreamReader(
        stream: stream, session: reader, telemetry: telemetry, generation: generation, limits: limits))
  }

  private var token: (Int) -> String {
    let texts = Array(Script(stream.live.question))
    return { #"{"index":\#($0),"token":"\#(texts[$0])"}"# }
  }

  @Test func `short polling answers at once with what there is`() throws {
    var empty = try responder(ShortPolling.self)
    #expect(try body(of: empty.turn(at: start)) == #"{"tokens":[],"next":0,"done":false}"#)
    pass(1)
    var two = try responder(ShortPolling.self)
    #expect(
      try body(of: two.turn(at: start)) == #"{"tokens":[\#(token(0)),\#(token(1))],"next":2,"done":false}"#)
    #expect(telemetry.tokensDelivered == 2)
  }

  @Test func `a page that would not go into the kernel whole is cut`() throws {
    var generator = SeededGenerator(seed: 1)
    let question = Question(
      prompt: "long", tokenCount: 30, tokenSize: 1_000, pacing: Pacing(think: .zero, rate: 1_000, jitter: 0))
    let long = HostedStream(
      LiveStream(id: StreamID(using: &generator), answering: PosedQuestion(question), now: start))
    _ = long.live.advance(to: start.advanced(by: .seconds(1)))
    var next = 0
    var pages = 0
    while pages < 100 {
      let page = PageBytes(of: long.tokens, from: next)
      #expect(page.response.body.count <= PageBytes.mostBytes + 100)
      let read = try PollPage(json: page.response.body)
      #expect(read.tokens.first?.index == next)
      next = read.next
      pages += 1
      if read.done { break }
    }
    #expect(next == 30)
    #expect(pages > 1)
  }

  @Test func `long polling waits for a token`() throws {
    var poll = HeldPoll(cursor(from: 0), until: start.advanced(by: .seconds(25)), telemetry)
    guard case .wait(let deadline) = poll.turn(at: start) else { throw Unexpected() }
    #expect(deadline == poll.deadline)
    pass(0)
    #expect(reader.wakes == 1)
    #expect(try body(of: poll.turn(at: start)) == #"{"tokens":[\#(token(0))],"next":1,"done":false}"#)
  }

  @Test func `long polling gives up at its deadline`() throws {
    var poll = HeldPoll(cursor(from: 0), until: start.advanced(by: .seconds(25)), telemetry)
    #expect(try body(of: poll.turn(at: poll.deadline)) == #"{"tokens":[],"next":0,"done":false}"#)
  }

  @Test func `an event stream is head, retry, tokens, done, end`() throws {
    var stream = try responder(ServerSentEvents.self, [("from", "1")])
    guard case .start(let head) = stream.turn(at: start) else { throw Unexpected() }
    #expect(head["content-type"] == "text/event-stream")
    #expect(head["cache-control"] == "no-store")
    #expect(head["x-accel-buffering"] == "no")
    #expect(try sent(stream.turn(at: start)) == "retry: 1000\n\n")
    guard case .wait(start.advanced(by: .seconds(15))) = stream.turn(at: start) else { throw Unexpected() }
    pass(2)
    let epoch = source.log.epoch
    #expect(try sent(stream.turn(at: start)) == "id: \(epoch):1\ndata: \(token(1))\n\n")
    #expect(try sent(stream.turn(at: start)) == "id: \(epoch):2\ndata: \(token(2))\n\n")
    #expect(
      try sent(stream.turn(at: start))
        == "event: done\nid: \(epoch):3\ndata: {\"reason\":\"complete\",\"tokens\":3}\n\n")
    guard case .finish = stream.turn(at: start) else { throw Unexpected() }
    #expect(telemetry.tokensDelivered == 2)
  }

  @Test func `streamed lines are head, tokens, done, end`() throws {
    var stream = try responder(HTTPStreaming.self, [("from", "1")])
    guard case .start(let head) = stream.turn(at: start) else { throw Unexpected() }
    #expect(head["content-type"] == "application/x-ndjson")
    #expect(head["cache-control"] == "no-store")
    #expect(head["x-accel-buffering"] == "no")
    guard case .wait(start.advanced(by: .seconds(15))) = stream.turn(at: start) else { throw Unexpected() }
    pass(2)
    #expect(try sent(stream.turn(at: start)) == "\(token(1))\n")
    #expect(try sent(stream.turn(at: start)) == "\(token(2))\n")
    #expect(try sent(stream.turn(at: start)) == "{\"done\":{\"reason\":\"complete\",\"tokens\":3}}\n")
    guard case .finish = stream.turn(at: start) else { throw Unexpected() }
    #expect(telemetry.tokensDelivered == 2)
  }

  @Test(arguments: [(true, ":\n\n"), (false, "\n")])
  func `a silent stream gets a comment or an empty line every other heartbeat at most`(
    _ isEvents: Bool, _ sign: String
  ) throws {
    var stream = try isEvents ? responder(ServerSentEvents.self) : responder(HTTPStreaming.self)
    _ = stream.turn(at: start)
    if isEvents { _ = stream.turn(at: start) }
    let first = start.advanced(by: .seconds(15))
    guard case .wait(first) = stream.turn(at: start) else { throw Unexpected() }
    pass(0)
    _ = try sent(stream.turn(at: start))
    guard case .wait(first) = stream.turn(at: start) else { throw Unexpected() }
    let second = first.advanced(by: .seconds(15))
    guard case .wait(second) = stream.turn(at: first) else { throw Unexpected() }
    #expect(try sent(stream.turn(at: second)) == sign)
    guard case .wait(second.advanced(by: .seconds(15))) = stream.turn(at: second) else { throw Unexpected() }
  }

  @Test func `who falls behind is told so and let go`() throws {
    var stream = try responder(ServerSentEvents.self, lagLimit: 1)
    var lines = try responder(HTTPStreaming.self, lagLimit: 1)
    var socket = try responder(WebSocket.self, lagLimit: 1)
    pass(0)
    for _ in 0..<3 { _ = stream.turn(at: start) }
    for _ in 0..<2 { _ = lines.turn(at: start) }
    _ = socket.turn(at: start)
    pass(2)
    #expect(
      try sent(stream.turn(at: start))
        == "event: error\ndata: {\"error\":\"more than 1 tokens behind: reconnect for the rest\"}\n\n")
    guard case .finish = stream.turn(at: start) else { throw Unexpected() }
    #expect(
      try sent(lines.turn(at: start))
        == "{\"error\":\"more than 1 tokens behind: reconnect for the rest\"}\n")
    guard case .finish = lines.turn(at: start) else { throw Unexpected() }
    guard case .close(1_013, "more than 1 tokens behind: reconnect for the rest") = socket.turn(at: start)
    else { throw Unexpected() }
    #expect(telemetry.laggingDropped == 3)
  }

  @Test func `who comes late may take its time`() throws {
    pass(2)
    var socket = try responder(WebSocket.self, lagLimit: 1)
    for index in 0..<3 { #expect(try sent(socket.turn(at: start)) == token(index)) }
    #expect(telemetry.laggingDropped == 0)
  }

  @Test func `a held poll takes a place while it waits`() throws {
    var poll = try responder(LongPolling.self, heldPolls: 1)
    guard case .wait = poll.turn(at: start) else { throw Unexpected() }
    #expect(telemetry.waiting == 1)
    #expect(throws: Unreadable.noRoom("the server has reached its limit of long polls held")) {
      _ = try responder(LongPolling.self, heldPolls: 1)
    }
    pass(0)
    _ = poll.turn(at: start)
    #expect(telemetry.waiting == 0)
    pass(1)
    _ = try responder(LongPolling.self, heldPolls: 1)
  }

  @Test func `each transport says in its own way that there is nothing to read`() throws {
    func status<Served: ServedTransport>(
      _ type: Served.Type, _ reason: Unreadable, from index: Int = 2
    ) throws -> Int? {
      let asked = try Served(Request(method: .get, path: "/", query: [("from", "\(index)")]))
      var responder = asked.refusal(reason)
      guard case .respond(let response) = responder.turn(at: start) else { return nil }
      return response.head.status
    }
    #expect(try status(ShortPolling.self, .unknown) == 404)
    #expect(try status(LongPolling.self, .otherEpoch) == 409)
    #expect(try status(HTTPStreaming.self, .unknown) == 404)
    #expect(try status(HTTPStreaming.self, .otherEpoch) == 409)
    #expect(try status(ServerSentEvents.self, .unknown, from: 0) == 404)
    #expect(try status(ServerSentEvents.self, .unknown) == 204)
    #expect(try status(ServerSentEvents.self, .otherEpoch) == 204)
    var dismissal = try WebSocket(Request(method: .get, path: "/")).refusal(.unknown)
    guard
      case .close(4_404, "there is no stream of that name: it never existed, or it has expired") =
        dismissal.turn(
          at: start)
    else { throw Unexpected() }
  }

  @Test func `a WebSocket is tokens, done, close`() throws {
    var socket = try responder(WebSocket.self)
    guard case .wait(nil) = socket.turn(at: start) else { throw Unexpected() }
    pass(0)
    #expect(try sent(socket.turn(at: start)) == token(0))
    stream.live.stop(at: start)
    #expect(try sent(socket.turn(at: start)) == #"{"done":{"reason":"stopped","tokens":1}}"#)
    guard case .close(1000, "stopped") = socket.turn(at: start) else { throw Unexpected() }
  }

  @Test func `a WebSocket takes the word to stop, and nothing else`() throws {
    var socket = try responder(WebSocket.self)
    for text in ["{}", "stop", #"{"stop":false}"#, #"{"stop":1}"#, ""] {
      socket.received(Message(isText: true, bytes: Array(text.utf8)))
      #expect(generation.stopped == 0)
    }
    socket.received(Message(isText: true, bytes: Array(#"{"stop":true}"#.utf8)))
    #expect(generation.stopped == 1)
  }

  @Test func `readers share one frame a token`() throws {
    pass(0)
    var sockets = try (0..<2).map { _ in try responder(WebSocket.self) }
    guard case .send(let first) = sockets[0].turn(at: start),
      case .send(let second) = sockets[1].turn(at: start)
    else { throw Unexpected() }
    #expect(first.isSame(as: second))
  }

  @Test func `a cursor that goes away is woken no more`() {
    var cursor: Cursor? = cursor(from: 0)
    #expect(cursor?.hasToken == false)
    cursor = nil
    pass(2)
    #expect(reader.wakes == 0)
  }

  private struct Unexpected: Error {}

  private func body(of turn: Step) throws -> String {
    guard case .respond(let response) = turn else { throw Unexpected() }
    return String(decoding: response.body, as: UTF8.self)
  }

  private func sent(_ turn: Step) throws -> String {
    guard case .send(let frame) = turn else { throw Unexpected() }
    return String(decoding: frame.bytes, as: UTF8.self)
  }
}

/// Stands in for a session.
final class Sleeper: Wakeable {
  var wakes = 0

  func wake() { wakes += 1 }
}

/// Stands in for the server's streams.
final class Generator: Generation {
  var stopped = 0

  func stop(_ stream: HostedStream) { stopped += 1 }
}
