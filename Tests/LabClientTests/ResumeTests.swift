import Answers
import LabClient
import MonotonicTime
import Readings
import Testing
import Wire

/// Readers that come back, against literal bytes.
@Suite struct ResumeTests {
  /// Reads with a server that has these answers, and looks at what was seen and what was asked.
  private func read(
    _ transport: Transport, _ recovery: Recovery = .fast, _ answers: [ScriptedServer.Answer]
  ) async throws -> (reading: Reading, requests: [String]) {
    let server = try await ScriptedServer(answers)
    let reader = Reader()
    let reading = await reader.read(Words.plan(server, transport, recovery))
    await reader.shutDown()
    try await server.stop()
    return (reading, server.requests)
  }

  private func indices(_ reading: Reading) -> [Int] { reading.arrivals.map(\.index) }

  @Test func `an event stream comes back with the ID of its last event`() async throws {
    let (reading, requests) = try await read(
      .serverSentEvents, .fast,
      [
        .say(Words.started(Words.first)),
        // Cut in the midst of token 2, which is therefore to come again.
        .sayAndClose(
          Words.eventStream("retry: 1\n\n", Words.event(0), Words.event(1), "id: x\ndata: {\"ind")),
        .say(Words.eventStream("retry: 1\n\n", Words.event(2), Words.event(3), Words.done)),
      ])
    #expect(reading.failure == nil)
    #expect(reading.end == .complete)
    #expect(indices(reading) == [0, 1, 2, 3])
    #expect(requests[1].hasPrefix("GET /streams/\(Words.first)/events?from=0 HTTP/1.1\r\n"))
    #expect(!requests[1].contains("Last-Event-ID"))
    #expect(requests[2].hasPrefix("GET /streams/\(Words.first)/events?from=0 HTTP/1.1\r\n"))
    #expect(requests[2].contains("\r\nLast-Event-ID: \(Words.epoch):1\r\n"))
  }

  @Test func `an event stream that is told why it ends says so, and comes back`() async throws {
    let (reading, _) = try await read(
      .serverSentEvents, .fast,
      [
        .say(Words.started(Words.first)),
        .sayAndClose(
          Words.eventStream(
            "retry: 1\n\n", Words.event(0),
            "event: error\ndata: {\"error\":\"more than 1 tokens behind\"}\n\n")),
        .say(Words.eventStream(Words.event(1), Words.event(2), Words.event(3), Words.done)),
      ])
    #expect(reading.failure == nil)
    #expect(indices(reading) == [0, 1, 2, 3])
    #expect(reading.outages.map(\.cause) == ["the server ended the response: more than 1 tokens behind"])
  }

  // A blank line dispatches nothing, but would set the last event ID to an empty one.
  @Test func `an event stream that is lost before its first event still knows where it was`() async throws {
    let (reading, requests) = try await read(
      .serverSentEvents, .fast,
      [
        .say(Words.started(Words.first)), .sayAndClose(Words.eventStream(Words.event(0), Words.event(1))),
        .sayAndClose(Words.eventStream("retry: 1\n\n")),
        .say(Words.eventStream("retry: 1\n\n", Words.event(2), Words.event(3), Words.done)),
      ])
    #expect(indices(reading) == [0, 1, 2, 3])
    #expect(requests[3].contains("\r\nLast-Event-ID: \(Words.epoch):1\r\n"))
    #expect(reading.outages.count == 1)
    #expect(reading.outages.first?.attempts == 2)
    #expect(reading.outages.first?.requests == 2)
    #expect(reading.outages.first?.connections == 2)
    #expect(reading.connections == 3)
  }

  @Test(arguments: Transport.allCases)
  func `a stream that is gone is asked for again, from where the reader stood`(
    _ transport: Transport
  ) async throws {
    // A stream of the plan, of which the server knows nothing.
    let server = try await ScriptedServer([
      .say(Words.response(transport == .serverSentEvents ? 204 : 404)),
      .say(Words.started(Words.second, at: 999)), .say(Words.page(2..<4, done: true)),
    ])
    var plan = Words.plan(server, transport, .fast)
    plan.limit = .seconds(20)
    plan.from = 2
    plan.stream = try StreamStarted(json: Words.started(Words.first))
    let reader = Reader()
    let reading = await reader.read(plan)
    await reader.shutDown()
    try await server.stop()
    let requests = server.requests
    #expect(requests[1].hasPrefix("POST /streams HTTP/1.1\r\n"))
    #expect(requests[1].hasSuffix(#","from":2,"epoch":"\#(Words.epoch)"}"#))
    let path = "/streams/\(Words.second)/\(transport.resource)?from=2"
    #expect(requests[2].hasPrefix("GET \(path)"))
    #expect(requests[2].contains("epoch=\(Words.epoch)"))
    // The schedule that counts is the first stream's.
    #expect(reading.started == Instant(nanoseconds: 5))
    if transport.readsPages { #expect(indices(reading) == [2, 3]) }
  }

  @Test func `a poll goes on from the token behind the last`() async throws {
    let whole = Words.page(1..<3)
    let (reading, requests) = try await read(
      .longPolling, .fast,
      [
        .say(Words.started(Words.first)), .say(Words.page(0..<1)),
        .sayAndClose(String(whole.dropLast(9))), .say(Words.page(1..<3)), .say(Words.page(3..<4, done: true)),
      ])
    #expect(indices(reading) == [0, 1, 2, 3])
    #expect(reading.end == .complete)
    #expect(requests[2].contains("/long-poll?from=1&wait="))
    #expect(requests[3].contains("/long-poll?from=1&epoch=\(Words.epoch)&wait="))
    #expect(reading.outages.map(\.requests) == [1])
    #expect(reading.outages.first?.length != nil)
  }

  @Test func `another text under the question is the end`() async throws {
    let (reading, _) = try await read(
      .longPolling, .fast,
      [
        .say(Words.started(Words.first)), .say(Words.page(0..<1)), .say(Words.response(404)),
        .say(Words.response(409, "{}")),
      ])
    #expect(reading.failure == "the server has a different answer from that of epoch \(Words.epoch)")
    #expect(indices(reading) == [0])
    let (other, _) = try await read(
      .longPolling, .fast,
      [
        .say(Words.started(Words.first)), .say(Words.response(404)),
        .say(Words.started(Words.second, epoch: "0123456789abcdef")),
      ])
    #expect(other.failure == reading.failure)
  }

  @Test(arguments: Transport.allCases.filter { [.heldPages, .stream].contains($0.exchange) })
  func `a full server is left alone for as long as it said`(_ transport: Transport) async throws {
    let clock = ContinuousClock()
    let begun = clock.now
    let (reading, requests) = try await read(
      transport, .fast,
      [
        .say(Words.started(Words.first)), .say(Words.response(503, "{}", fields: "Retry-After: 1\r\n")),
        ScriptedServer.whole(transport),
      ])
    #expect(clock.now - begun >= .seconds(1))
    #expect(indices(reading) == [0, 1, 2, 3])
    #expect(requests.count == 3)
  }

  @Test func `an event stream does not come back from another status, or to another type`() async throws {
    for answer in [Words.response(500), Words.response(503), Words.response(200, "<html>")] {
      let (reading, requests) = try await read(
        .serverSentEvents, .fast, [.say(Words.started(Words.first)), .say(answer)])
      #expect(reading.failure != nil)
      #expect(requests.count == 2)
    }
  }

  @Test(arguments: Transport.allCases)
  func `a connection that says nothing is taken for dead`(_ transport: Transport) async throws {
    let server = try await ScriptedServer([.say(Words.started(Words.first)), .keepSilent, .keepSilent])
    var plan = Words.plan(
      server, transport,
      .resume(
        Resumption(
          backoff: Backoff(base: .milliseconds(1)), silence: .milliseconds(20),
          longestReconnectionTime: .milliseconds(1))))
    plan.variant.wait = .milliseconds(20)
    plan.limit = .seconds(1)
    let reader = Reader()
    let reading = await reader.read(plan)
    await reader.shutDown()
    try await server.stop()
    #expect(
      reading.outages.map(\.cause).allSatisfy { $0.contains("nothing arrived on the connection for 0.0") })
    #expect(reading.outages.count == 1)
    #expect(server.requests.count > 2)
  }

  @Test(arguments: Transport.allCases)
  func `without recovery the first loss is the failure`(_ transport: Transport) async throws {
    let (reading, requests) = try await read(
      transport, .none, [.say(Words.started(Words.first)), .sayAndClose("")])
    #expect(reading.failure == "the connection ended before the stream did")
    #expect(requests.count == 2)
    #expect(reading.outages == [])
  }
}

extension StreamStarted {
  /// From a response as `Words` makes it.
  fileprivate init(json response: String) throws {
    guard
      case .started(let started) = try StreamMessage(
        json: Array(#"{"started":\#(response.split(separator: "\r\n\r\n")[1])}"#.utf8))
    else { throw ReadError.malformed(response) }
    self = started
  }
}

extension Transport {
  /// What the last answer was a page for.
  fileprivate var readsPages: Bool { self == .shortPolling || self == .longPolling }
}
