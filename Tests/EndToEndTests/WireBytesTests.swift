import Answers
import Foundation
import LabClient
import LabServer
import NIOConcurrencyHelpers
import Readings
import Testing
import Wire

/// The bytes the lab reports against a packet capture, and against the bytes themselves.
@Suite struct WireBytesTests {
  @Test(arguments: Transport.allCases)
  func `wire bytes agree with a packet capture`(_ transport: Transport) async throws {
    try await withLab { lab in
      let capture = try PacketCapture(port: lab.port)
      let reading = await lab.reader.read(lab.plan(transport, .fast(tokens: 100)))
      #expect(reading.failure == nil)
      // Once the last connection's bytes are in the capture, all earlier ones are.
      _ = try? lab.request("GET", "/last-word")
      let connections = try capture.connections(through: "/last-word")
      let seen = try #require(connections.first)
      #expect(abs(reading.up.total - seen.up) * 100 <= seen.up)
      #expect(abs(reading.down.total - seen.down) * 100 <= seen.down)
    }
  }

  @Test(arguments: Transport.allCases)
  func `heads and payload are what stands on the wire`(_ transport: Transport) async throws {
    try await withLab { lab in
      let question = Question.fast(tokens: 50)
      let wire = Wiretap()
      var plan = lab.plan(transport, question)
      plan.onWire = { direction, bytes in wire.take(direction, Array(bytes.readableBytesView)) }
      let reading = await lab.reader.read(plan)
      #expect(reading.up.heads == heads(in: wire.up, opening: ["POST /", "GET /"]))
      #expect(reading.down.heads == heads(in: wire.down, opening: ["HTTP/1.1 "]))
      let payload = Script(question).enumerated().reduce(0) { sum, token in
        sum + TokenPayload(index: token.offset, token: token.element).json.count
      }
      #expect(reading.down.payload == payload)
      #expect(reading.up.payload == question.json.count)
      #expect(reading.down.framing > 0)
    }
  }

  @Test func `the payload of compressed messages is what they have on the wire`() async throws {
    var limits = Limits()
    limits.connection.compressedWebSockets = 1
    try await withLab(limits: limits) { lab in
      let question = Question.fast(tokens: 50)
      let wire = Wiretap()
      var plan = lab.plan(Variant.deflated, question)
      plan.onWire = { direction, bytes in wire.take(direction, Array(bytes.readableBytesView)) }
      let reading = await lab.reader.read(plan)
      #expect(reading.arrivals.count == 50)
      let opening = try #require(wire.down.firstRange(of: "HTTP/1.1 101".utf8))
      let frames = try #require(wire.down[opening.lowerBound...].firstRange(of: "\r\n\r\n".utf8)).upperBound
      var (place, payload) = (frames, 0)
      for _ in 0..<50 {
        // A whole compressed text of less than 126 bytes.
        #expect(wire.down[place] == 0xc1)
        payload += Int(wire.down[place + 1])
        place += 2 + Int(wire.down[place + 1])
      }
      #expect(reading.down.payload == payload)
      #expect(reading.down.total - reading.down.payload - reading.down.heads == reading.down.framing)
    }
  }

  /// The lengths of all heads: from a request's or status line to the empty line.
  private func heads(in bytes: [UInt8], opening words: [String]) -> Int {
    var rest = Data(bytes)
    var sum = 0
    while let start = words.compactMap({ rest.range(of: Data($0.utf8))?.lowerBound }).min(),
      let end = rest.range(of: Data("\r\n\r\n".utf8), in: start..<rest.endIndex)?.upperBound
    {
      sum += end - start
      rest = rest[end...]
    }
    return sum
  }
}

private final class Wiretap: Sendable {
  private let bytes = NIOLockedValueBox<(up: [UInt8], down: [UInt8])>(([], []))

  var up: [UInt8] { bytes.withLockedValue { $0.up } }
  var down: [UInt8] { bytes.withLockedValue { $0.down } }

  func take(_ direction: WireDirection, _ piece: [UInt8]) {
    bytes.withLockedValue { bytes in
      switch direction {
      case .up: bytes.up += piece
      case .down: bytes.down += piece
      }
    }
  }
}
