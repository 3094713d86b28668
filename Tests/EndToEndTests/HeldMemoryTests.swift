import Answers
import Foundation
import LabClient
import MessageCompression
import Readings
import Testing
import Wire

/// What the options bound: the sum in docs/server.md is made of these ceilings.
@Suite struct HeldMemoryTests {
  /// Read in every way, a token is kept as text, as JSON, as an event with each kind of ID, as a line,
  /// and as a message.
  @Test func `a token that is held takes no more than 600 bytes`() async throws {
    let served = try ServedLab(["--retention", "600", "--unread-time", "600"])
    let count = 100_000
    let question = Question(
      prompt: "held", tokenCount: count, pacing: Pacing(think: .zero, rate: 100_000, jitter: 0))
    let before = served.residentBytes
    let stream = try served.lab.start(question)
    for variant in Transport.allCases.map({ Variant(transport: $0) }) + [.bareIDs] {
      var plan = served.lab.plan(variant, question, stream: stream)
      // However busy the machine is.
      plan.limit = .seconds(300)
      let reading = await served.lab.reader.read(plan)
      #expect(reading.failure == nil)
      #expect(reading.arrivals.count == count)
    }
    #expect((served.residentBytes - before) / count <= 600)
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

  @Test func `a WebSocket with compressed messages takes no more than 0.3 MB`() async throws {
    let served = try ServedLab(["--max-deflated-sockets", "1000"])
    let handshake = BadRequest.handshake(
      "/echo", more: "Sec-WebSocket-Extensions: permessage-deflate\r\n")
    // "Hello" (RFC 7692, section 7.2.3.1), with a mask of zeros.
    let hello: [UInt8] = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]
    var held: [RawConnection] = []
    func open(_ count: Int) throws {
      for _ in 0..<count {
        let connection = try connection(served, handshake)
        _ = try connection.receive(through: "\r\n\r\n")
        try connection.send([0xc1, 0x87, 0, 0, 0, 0] + hello)
        #expect(try connection.receive(count: 9) == [0xc1, 7] + hello)
        // A long one, stored as it is, leaves nothing behind.
        let long = [UInt8](repeating: 0x78, count: 500_000).withUnsafeBytes { MessageDeflater().deflate($0) }
        let size = [UInt8(long.count >> 8), UInt8(long.count & 0xff)]
        try connection.send([0xc2, 0xfe] + size + [0, 0, 0, 0] + long)
        #expect(try connection.receive(count: 2)[0] == 0xc2)
        held.append(connection)
      }
    }
    try open(10)
    let before = served.residentBytes
    try open(50)
    #expect((served.residentBytes - before) / 50 <= 300_000)
    await served.lab.reader.shutDown()
  }

  private func connection(_ served: ServedLab, _ request: String) throws -> RawConnection {
    let connection = try RawConnection(port: served.lab.port)
    try connection.send(request)
    return connection
  }
}
