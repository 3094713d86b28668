import Answers
import Foundation
import LWS
import LabClient
import Measurement
import Readings
import Testing
import Wire

@testable import LabServer

/// The promises that every transport keeps, made once for all of them, against the real server.
@Suite struct ContractTests {
  @Test func `server and readers know the same transports`() async throws {
    try await withServer { lab in
      let names = try JSONDecoder().decode(
        [String].self, from: Data(lab.request("GET", "/transports").body.utf8))
      #expect(names == Transport.allCases.map(\.name))
      #expect(Served.transports == Transport.allCases)
    }
  }

  @Test(arguments: Variant.all)
  func `every token comes once, in order, to the byte`(_ variant: Variant) async throws {
    try await withServer { lab in
      let question = Question.fast()
      let reading = await lab.reader.read(lab.plan(variant, question))
      #expect(reading.failure == nil)
      #expect(reading.end == .complete)
      #expect(Ledger(reading.arrivals, expected: 0..<200).isClean)
      #expect(reading.arrivals.map(\.index) == Array(0..<200))
      #expect(reading.connections == 1)
    }
  }

  // A stream may be asked for what it has not; an answer that is yet to be begun has no such place.
  @Test(arguments: Variant.all)
  func `a stream can be read from any index`(_ variant: Variant) async throws {
    try await withServer { lab in
      let question = Question.fast(tokens: 40)
      let stream = try lab.start(question)
      for index in [0, 1, 17, 39, 40] + (variant.asking == .first ? [1_000] : []) {
        var plan = lab.plan(variant, question, stream: stream)
        plan.from = index
        let reading = await lab.reader.read(plan)
        #expect(reading.failure == nil)
        #expect(reading.end == .complete)
        #expect(reading.arrivals.map(\.index) == Array(min(index, 40)..<40))
        #expect(Ledger(reading.arrivals, expected: min(index, 40)..<40).isClean)
      }
    }
  }

  @Test(arguments: Transport.allCases)
  func `stopping the generation is told to who reads it`(_ transport: Transport) async throws {
    try await withServer { lab in
      let question = Question.fast(tokens: 100_000, rate: 500)
      let stream = try lab.start(question)
      var plan = lab.plan(transport, question, stream: stream)
      // From the reader's own thread: a task may wait for one until the answer has been told to its end.
      plan.onToken = { token in
        guard token.index == 5 else { return }
        let answer = try? lab.request("DELETE", "/streams/\(stream.stream)")
        #expect(answer?.status == 204)
      }
      let seen = await lab.reader.read(plan)
      #expect(seen.failure == nil)
      #expect(seen.end == .stopped)
      #expect(seen.arrivals.map(\.index) == Array(0..<seen.arrivals.count))
      #expect(seen.arrivals.count < 100_000)
    }
  }

  @Test(arguments: Variant.atOnce, Stopping.allCases)
  func `who asked at once can stop it in every way there is`(_ variant: Variant, _ stopping: Stopping)
    async throws
  {
    guard stopping == .delete || stopping == variant.stopping else { return }
    try await withServer { lab in
      var plan = lab.plan(variant, .fast(tokens: 100_000, rate: 500))
      plan.variant.stopping = stopping
      plan.stopAfter = 6
      let reading = await lab.reader.read(plan)
      #expect(reading.failure == nil)
      #expect(reading.end == .stopped)
      #expect(reading.arrivals.map(\.index) == Array(0..<reading.arrivals.count))
      let stream = try #require(reading.stream)
      try await lab.untilMetric(#"pushlab_open_exchanges{transport="\#(variant.transport.name)"}"#, is: 0)
      #expect(try lab.request("GET", "/streams/\(stream.stream)").body.contains(#""reason":"stopped""#))
    }
  }

  @Test(arguments: Variant.all)
  func `two readers of one stream see the same`(_ variant: Variant) async throws {
    try await withServer { lab in
      let question = Question.fast()
      let stream = try lab.start(question)
      let plan = lab.plan(variant, question, stream: stream)
      async let first = lab.reader.read(plan)
      async let second = lab.reader.read(plan)
      for reading in await [first, second] {
        #expect(reading.end == .complete)
        #expect(Ledger(reading.arrivals, expected: 0..<200).isClean)
      }
    }
  }

  @Test func `a WebSocket ends with its closing handshake`() async throws {
    try await withServer { lab in
      let stream = try lab.start(.fast(tokens: 3))
      let peer = try SocketPeer(port: lab.port, path: "/streams/\(stream.stream)/socket")
      var frame = try peer.frame()
      while frame.opcode == 1 { frame = try peer.frame() }
      #expect(frame.opcode == 8)
      #expect(frame.payload == [0x03, 0xe8] + Array("complete".utf8))
    }
  }

  @Test(arguments: Transport.allCases)
  func `an unknown stream is refused, and an event stream's reader told not to come back`(
    _ transport: Transport
  ) async throws {
    try await withServer { lab in
      let path = "/streams/0123456789abcdef/\(transport.resource)"
      if transport == .webSocket {
        try expectDismissal(SocketPeer(port: lab.port, path: path), code: 4_404)
      } else {
        #expect(try lab.request("GET", path).status == 404)
        let again = try lab.request("GET", path + "?from=3")
        #expect(again.status == (transport == .serverSentEvents ? 204 : 404))
      }
    }
  }

  @Test(arguments: Transport.allCases)
  func `another epoch is refused`(_ transport: Transport) async throws {
    try await withServer { lab in
      let stream = try lab.start(.silent)
      let path = "/streams/\(stream.stream)/\(transport.resource)?epoch=0123456789abcdef"
      if transport == .webSocket {
        try expectDismissal(SocketPeer(port: lab.port, path: path), code: 4_409)
      } else {
        let answer = try lab.request("GET", path)
        #expect(answer.status == (transport == .serverSentEvents ? 204 : 409))
      }
    }
  }

  @Test(arguments: Transport.allCases)
  func `a wrong from is refused with a word about it`(_ transport: Transport) async throws {
    try await withServer { lab in
      let stream = try lab.start(.silent)
      for value in ["-1", "x", "", "1.5", "99999999999999999999"] {
        let path = "/streams/\(stream.stream)/\(transport.resource)?from=\(value)"
        let answer = try lab.request("GET", path, fields: handshake(transport))
        #expect(answer.status == 400)
        #expect(answer.body.contains("'from'"))
      }
    }
  }

  /// A page cannot see the status of a refused handshake, so the WebSocket says it.
  private func expectDismissal(_ peer: SocketPeer, code: Int) throws {
    #expect(try peer.closeCode() == code)
  }

  private func handshake(_ transport: Transport) -> String {
    transport == .webSocket ? SocketPeer.handshake : ""
  }
}
