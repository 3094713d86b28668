import Foundation
import LabClient
import Testing
import TokenStream
import Wire

/// What the options bound: the README's sum is made of these ceilings.
@Suite struct HeldMemoryTests {
  /// Read in every way, a token is kept as text, as JSON, as an event with each kind of ID, and as a message.
  @Test func `a token that is held takes no more than 500 bytes`() async throws {
    let served = try ServedLab(["--retention", "600", "--unread-time", "600"])
    let count = 100_000
    let question = Question(
      prompt: "held", tokenCount: count, pacing: Pacing(think: .zero, rate: 100_000, jitter: 0))
    let before = served.residentBytes
    let stream = try served.lab.start(question)
    for variant in Transport.allCases.map({ Variant(transport: $0) }) + [.bareIDs] {
      let reading = await served.lab.reader.read(served.lab.plan(variant, question, stream: stream))
      #expect(reading.failure == nil)
      #expect(reading.arrivals.count == count)
    }
    #expect((served.residentBytes - before) / count <= 500)
    await served.lab.reader.shutDown()
  }

  @Test func `a connection that waits takes no more than 3 kB`() async throws {
    let served = try ServedLab(["--max-connections-per-address", "20000"])
    let stream = try served.lab.start(.silent).stream
    let requests = [
      "GET /streams/\(stream)/poll HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /streams/\(stream)/long-poll?wait=100 HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /streams/\(stream)/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
      BadRequest.handshake("/streams/\(stream)/socket"),
    ]
    for request in requests {
      var held: [RawConnection] = []
      // The first ones pay for what grows by leaps.
      for _ in 0..<50 { held.append(try connection(served, request)) }
      try await served.lab.untilMetric("pushlab_connections", is: held.count + 1)
      let before = served.residentBytes
      for _ in 0..<300 { held.append(try connection(served, request)) }
      try await served.lab.untilMetric("pushlab_connections", is: held.count + 1)
      #expect((served.residentBytes - before) / 300 <= 3_072, "\(request)")
      held = []
      try await served.lab.untilMetric("pushlab_connections", is: 1)
    }
    await served.lab.reader.shutDown()
  }

  private func connection(_ served: ServedLab, _ request: String) throws -> RawConnection {
    let connection = try RawConnection(port: served.lab.port)
    try connection.send(request)
    return connection
  }
}
