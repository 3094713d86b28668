import Answers
import LabClient
import Readings
import Testing
import Wire

/// How a reader's WebSocket ends (RFC 6455, sections 5.5 and 7).
@Suite struct ClosingHandshakeTests {
  /// Reads what these pieces bring, and returns what the reader said to them.
  private func read(_ pieces: [[UInt8]], _ recovery: Recovery = .none) async throws -> (
    reading: Reading, said: [[UInt8]]
  ) {
    let (reading, server) = try await ScriptedServer.read(
      .webSocket, recovery, [.say(Words.started(Words.first)), .upgrade(pieces)])
    return (reading, Frames.read(try #require(server.sockets.first)) ?? [[0]])
  }

  @Test(arguments: [1000, 1001, 1011, 1013, 4404, 4999])
  func `a close frame is answered with its code`(_ code: Int) async throws {
    let (reading, said) = try await read([Frames.token(0), Frames.close(code)])
    #expect(said == [[0x88, UInt8(code >> 8), UInt8(code & 0xff)]])
    #expect(reading.failure == "the WebSocket was closed with \(code)")
    #expect(reading.arrivals.map(\.index) == [0])
  }

  @Test func `a close frame without a code is answered with one without`() async throws {
    let (reading, said) = try await read([Frames.token(0), Frames.frame(8)])
    #expect(said == [[0x88]])
    #expect(reading.failure == "the WebSocket was closed with no code")
  }

  @Test(arguments: [1000, 1001])
  func `behind the stream's end it is answered too`(_ code: Int) async throws {
    // In a piece of its own, and in the end's.
    let close = Frames.close(code)
    for pieces in [
      [Frames.done, close], [Frames.done + close], [Frames.done + close.prefix(2), Array(close[2...])],
    ] {
      let (reading, said) = try await read(Frames.tokens + pieces)
      #expect(said == [[0x88, UInt8(code >> 8), UInt8(code & 0xff)]])
      #expect(reading.failure == nil)
      #expect(reading.end == .complete)
    }
  }

  @Test func `a server that does not close behind the end is told to`() async throws {
    let (reading, said) = try await read([Frames.tokens.flatMap(\.self) + Frames.done])
    #expect(said == [[0x88, 3, 0xe8]])
    #expect(reading.end == .complete)
  }

  @Test func `a reader that leaves before the end says that it goes away`() async throws {
    let stream = try StreamStarted(
      json: #"{"stream":"\#(Words.first)","epoch":"\#(Words.epoch)","started":5}"#.utf8)
    let (reading, server) = try await ScriptedServer.read(.webSocket, [.upgrade([Frames.token(0)])]) { plan in
      plan.stream = stream
      plan.stopAfter = 1
      plan.variant.stopping = .close
    }
    #expect(server.sockets.map { Frames.read($0) } == [[[0x88, 3, 0xe9]]])
    #expect(reading.end == .stopped)
    #expect(reading.arrivals.map(\.index) == [0])
  }

  @Test func `pings are answered, in the midst of a message and behind the end`() async throws {
    let text = Words.payload(1).json
    let (reading, said) = try await read([
      Frames.frame(9) + Frames.token(0), Frames.frame(1, Array(text[..<5]), isFinal: false),
      Frames.frame(9, [1, 2, 3]), Frames.frame(10, [9]), Frames.frame(0, Array(text[5...9]), isFinal: false),
      Frames.frame(0, Array(text[10...])), Frames.token(2) + Frames.token(3) + Frames.done,
      Frames.frame(9, [4]),
      Frames.close(1000),
    ])
    #expect(said == [[0x8a], [0x8a, 1, 2, 3], [0x8a, 4], [0x88, 3, 0xe8]])
    #expect(reading.arrivals.map(\.index) == [0, 1, 2, 3])
    #expect(reading.arrivals.map(\.isIntact) == [true, true, true, true])
  }

  /// What a server must not send, the code it is told, and the words the reader has for it.
  private static let violations: [([UInt8], Int, String)] = [
    ([0xc1, 0], 1002, "reserved bits"), ([0x83, 0], 1002, "opcode 3"), ([0x8b, 0], 1002, "opcode 11"),
    ([0x81, 0x81, 1, 2, 3, 4, 5], 1002, "masked"), ([0x09, 0], 1002, "control frame in fragments"),
    ([0x88, 126, 0, 126], 1002, "more than 125"), ([0x80, 0], 1002, "continuation of no message"),
    ([0x81, 126, 0, 5], 1002, "stated in 2 bytes"), ([0x82, 0], 1003, "binary"),
    ([0x81, 2, 0xc3, 0x28], 1007, "not UTF-8"), ([0x88, 1, 3], 1002, "one byte"),
    ([0x88, 2, 3, 0xed], 1002, "1005"), ([0x88, 3, 3, 0xe8, 0xff], 1007, "reason is not UTF-8"),
    ([0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0], 1009, "more than 1048576"),
    ([0x81, 2, 0x7b, 0x7d], 1008, "neither"),
  ]

  @Test(arguments: violations)
  func `a connection that breaks the rules is failed with the code for it`(
    _ bytes: [UInt8], _ code: Int, _ words: String
  ) async throws {
    // Who comes back does not come back to that; and nothing counts that stands behind.
    let (reading, said) = try await read([Frames.token(0), bytes + Frames.token(1)], .fast)
    #expect(said == [[0x88, UInt8(code >> 8), UInt8(code & 0xff)]])
    #expect(reading.failure?.contains(words) == true)
    #expect(reading.failure?.hasPrefix("the server sent what the transport does not allow: ") == true)
    #expect(reading.arrivals.map(\.index) == [0])
  }

  @Test func `a reader comes back from a close while the closed one's handshake ends`() async throws {
    let (reading, server) = try await ScriptedServer.read(
      .webSocket, .fast,
      [
        .say(Words.started(Words.first)), .upgrade([Frames.token(0), Frames.close(1012)]),
        .upgrade([Frames.token(1), Frames.token(2), Frames.token(3), Frames.done, Frames.close(1000)]),
      ])
    #expect(reading.arrivals.map(\.index) == [0, 1, 2, 3])
    #expect(Set(server.sockets.map { Frames.read($0) }) == [[[0x88, 3, 0xf4]], [[0x88, 3, 0xe8]]])
  }
}
