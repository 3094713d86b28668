import Answers
import LabClient
import Readings
import Testing
import Wire

/// What a page does whose author wrote nothing for a loss.
@Suite struct NaiveTests {
  private func read(
    _ transport: Transport, _ answers: [ScriptedServer.Answer], pollInterval: Duration = .milliseconds(1)
  ) async throws -> (reading: Reading, requests: [String]) {
    let server = try await ScriptedServer(answers)
    let reader = Reader()
    var plan = Words.plan(server, transport, .naive)
    plan.variant.pollInterval = pollInterval
    let reading = await reader.read(plan)
    await reader.shutDown()
    try await server.stop()
    return (reading, server.requests)
  }

  @Test func `an event stream comes back and gets everything again`() async throws {
    let (reading, requests) = try await read(
      .serverSentEvents,
      [
        .say(Words.started(Words.first)),
        .sayAndClose(Words.eventStream("retry: 1\n\n", Words.event(0), Words.event(1))),
        .say(
          Words.eventStream(
            "retry: 1\n\n", Words.event(0), Words.event(1), Words.event(2), Words.event(3), Words.done)),
      ])
    #expect(reading.failure == nil)
    #expect(reading.end == .complete)
    #expect(reading.arrivals.map(\.index) == [0, 1, 0, 1, 2, 3])
    #expect(!requests[2].contains("Last-Event-ID"))
    // The outage lasts until something comes that had not come before.
    #expect(reading.outages.first?.firstAfter == reading.arrivals[4].at)
  }

  @Test func `a poll's loop ends with the first request that fails`() async throws {
    let (reading, requests) = try await read(
      .longPolling, [.say(Words.started(Words.first)), .say(Words.page(0..<2)), .sayAndClose("")])
    #expect(reading.failure == nil)
    #expect(reading.end == nil)
    #expect(reading.abandoned != nil)
    #expect(reading.arrivals.map(\.index) == [0, 1])
    #expect(requests.count == 3)
    #expect(reading.outages.count == 1)
  }

  // The interval leaves the connection's end time to arrive before the next request.
  @Test func `a poll's loop does not notice a connection that ends between two requests`() async throws {
    let (reading, requests) = try await read(
      .shortPolling,
      [
        .say(Words.started(Words.first)), .sayAndClose(Words.page(0..<2)),
        .say(Words.page(2..<4, done: true)),
      ], pollInterval: .milliseconds(700))
    #expect(reading.end == .complete)
    #expect(reading.arrivals.map(\.index) == [0, 1, 2, 3])
    #expect(reading.connections == 2)
    #expect(requests.count == 3)
  }

  @Test func `a stream that is gone ends every transport`() async throws {
    for transport in Transport.allCases {
      let (reading, requests) = try await read(
        transport, [.say(Words.started(Words.first)), .say(Words.response(404))])
      #expect(reading.failure == nil)
      #expect(reading.end == nil)
      #expect(requests.count == 2)
    }
  }
}
