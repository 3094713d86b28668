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
  private let source: FramedLog

  /// Three tokens, one a second, the first at once.
  init() {
    let pacing = Pacing(think: .zero, rate: 1, jitter: 0)
    var generator = SeededGenerator(seed: 1)
    let question = Question(prompt: "hello", tokenCount: 3, pacing: pacing)
    source = FramedLog(LiveStream(id: StreamID(using: &generator), question: question, now: start))
  }

  private func pass(_ seconds: Int) {
    _ = source.stream.advance(to: start.advanced(by: .seconds(seconds)))
  }

  private func cursor(from index: Int, lagLimit: Int = 100) -> Cursor {
    Cursor(source, from: index, lagLimit: lagLimit, waking: reader)
  }

  private var token: (Int) -> String {
    let texts = Array(Script(source.stream.question))
    return { #"{"index":\#($0),"token":"\#(texts[$0])"}"# }
  }

  @Test func `short polling answers at once with what there is`() throws {
    var empty = ShortPolling.responder(source, Reading(), telemetry)
    #expect(try body(of: empty.turn(at: start)) == #"{"tokens":[],"next":0,"done":false}"#)
    pass(1)
    var two = ShortPolling.responder(source, Reading(), telemetry)
    #expect(
      try body(of: two.turn(at: start)) == #"{"tokens":[\#(token(0)),\#(token(1))],"next":2,"done":false}"#)
    #expect(telemetry.tokensDelivered == 2)
  }

  @Test func `a page that would not go into the kernel whole is cut`() throws {
    var generator = SeededGenerator(seed: 1)
    let question = Question(
      prompt: "long", tokenCount: 30, tokenSize: 1_000, pacing: Pacing(think: .zero, rate: 1_000, jitter: 0))
    let source = FramedLog(LiveStream(id: StreamID(using: &generator), question: question, now: start))
    _ = source.stream.advance(to: start.advanced(by: .seconds(1)))
    var next = 0
    var pages = 0
    while pages < 100 {
      let page = ShortPolling.page(of: source, from: next)
      #expect(page.response.body.count <= ShortPolling.pageBytes + 100)
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
    var poll = LongPolling(cursor(from: 0), Reading(), telemetry)
    guard case .wait(let deadline) = poll.turn(at: start) else { throw Unexpected() }
    #expect(deadline == poll.deadline)
    pass(0)
    #expect(reader.wakes == 1)
    #expect(try body(of: poll.turn(at: start)) == #"{"tokens":[\#(token(0))],"next":1,"done":false}"#)
  }

  @Test func `long polling gives up at its deadline`() throws {
    var poll = LongPolling(cursor(from: 0), Reading(), telemetry)
    #expect(try body(of: poll.turn(at: poll.deadline)) == #"{"tokens":[],"next":0,"done":false}"#)
  }

  @Test func `an event stream is head, retry, tokens, done, end`() throws {
    var stream = ServerSentEvents(cursor(from: 1), telemetry, heartbeat: .seconds(15))
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

  @Test func `a silent event stream gets a comment every other heartbeat at most`() throws {
    var stream = ServerSentEvents(cursor(from: 0), telemetry, heartbeat: .seconds(15))
    _ = stream.turn(at: start)
    _ = stream.turn(at: start)
    let first = start.advanced(by: .seconds(15))
    guard case .wait(first) = stream.turn(at: start) else { throw Unexpected() }
    pass(0)
    _ = try sent(stream.turn(at: start))
    guard case .wait(first) = stream.turn(at: start) else { throw Unexpected() }
    let second = first.advanced(by: .seconds(15))
    guard case .wait(second) = stream.turn(at: first) else { throw Unexpected() }
    #expect(try sent(stream.turn(at: second)) == ":\n\n")
    guard case .wait(second.advanced(by: .seconds(15))) = stream.turn(at: second) else { throw Unexpected() }
  }

  @Test func `who falls behind is told so and let go`() throws {
    var stream = ServerSentEvents(cursor(from: 0, lagLimit: 1), telemetry, heartbeat: .seconds(15))
    var socket = WebSocket(cursor(from: 0, lagLimit: 1), telemetry, stop: {})
    pass(0)
    for _ in 0..<3 { _ = stream.turn(at: start) }
    _ = socket.turn(at: start)
    pass(2)
    #expect(
      try sent(stream.turn(at: start))
        == "event: error\ndata: {\"error\":\"more than 1 tokens behind: come back for the rest\"}\n\n")
    guard case .finish = stream.turn(at: start) else { throw Unexpected() }
    guard case .close(1_008, "more than 1 tokens behind: come back for the rest") = socket.turn(at: start)
    else { throw Unexpected() }
    #expect(telemetry.letGo == 2)
  }

  @Test func `who comes late may take its time`() throws {
    pass(2)
    var socket = WebSocket(cursor(from: 0, lagLimit: 1), telemetry, stop: {})
    for index in 0..<3 { #expect(try sent(socket.turn(at: start)) == token(index)) }
    #expect(telemetry.letGo == 0)
  }

  @Test func `a held poll takes a place while it waits`() throws {
    var limits = Limits()
    limits.heldPolls = 1
    var poll = try Transports.responder(
      for: .longPolling, source, Reading(), reader, telemetry, limits, stop: {})
    guard case .wait = poll.turn(at: start) else { throw Unexpected() }
    #expect(telemetry.waiting == 1)
    #expect(throws: Unreadable.tooManyHeld) {
      _ = try Transports.responder(for: .longPolling, source, Reading(), reader, telemetry, limits, stop: {})
    }
    pass(0)
    _ = poll.turn(at: start)
    #expect(telemetry.waiting == 0)
    pass(1)
    _ = try Transports.responder(for: .longPolling, source, Reading(), reader, telemetry, limits, stop: {})
  }

  @Test func `each transport says in its own way that there is nothing to read`() throws {
    var again = Reading()
    again.from = 2
    func status(_ transport: Transport, _ reason: Unreadable, _ reading: Reading) -> Int? {
      var responder = Transports.refusal(for: transport, reason, reading)
      guard case .respond(let response) = responder.turn(at: start) else { return nil }
      return response.head.status
    }
    #expect(status(.shortPolling, .unknown, again) == 404)
    #expect(status(.longPolling, .otherEpoch, again) == 409)
    #expect(status(.serverSentEvents, .unknown, Reading()) == 404)
    #expect(status(.serverSentEvents, .unknown, again) == 204)
    #expect(status(.serverSentEvents, .otherEpoch, again) == 204)
    var dismissal = Transports.refusal(for: .webSocket, .unknown, again)
    guard
      case .close(4_404, "there is no stream of that name: it never was, or it has expired") = dismissal.turn(
        at: start)
    else { throw Unexpected() }
  }

  @Test func `a WebSocket is tokens, done, close`() throws {
    var socket = WebSocket(cursor(from: 0), telemetry, stop: {})
    guard case .wait(nil) = socket.turn(at: start) else { throw Unexpected() }
    pass(0)
    #expect(try sent(socket.turn(at: start)) == token(0))
    source.stream.stop(at: start)
    #expect(try sent(socket.turn(at: start)) == #"{"done":{"reason":"stopped","tokens":1}}"#)
    guard case .close(1000, "stopped") = socket.turn(at: start) else { throw Unexpected() }
  }

  @Test func `a WebSocket takes the word to stop, and nothing else`() {
    var isStopped = false
    let socket = WebSocket(cursor(from: 0), telemetry) { isStopped = true }
    for text in ["{}", "stop", #"{"stop":false}"#, #"{"stop":1}"#, ""] {
      socket.received(Message(isText: true, bytes: Array(text.utf8)))
      #expect(!isStopped)
    }
    socket.received(Message(isText: true, bytes: Array(#"{"stop":true}"#.utf8)))
    #expect(isStopped)
  }

  @Test func `readers share one frame a token`() throws {
    pass(0)
    var sockets = (0..<2).map { _ in WebSocket(cursor(from: 0), telemetry, stop: {}) }
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

  private func body(of turn: Turn) throws -> String {
    guard case .respond(let response) = turn else { throw Unexpected() }
    return String(decoding: response.body, as: UTF8.self)
  }

  private func sent(_ turn: Turn) throws -> String {
    guard case .send(let frame) = turn else { throw Unexpected() }
    return String(decoding: frame.bytes, as: UTF8.self)
  }
}

/// Stands in for a session.
private final class Sleeper: Wakeable {
  var wakes = 0

  func wake() { wakes += 1 }
}
