import Answers
import Foundation
import LWS
import LabClient
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
    try await withServer { await Contract.everyTokenComesOnce(variant, $0) }
  }

  @Test(arguments: Variant.all)
  func `a stream can be read from any index`(_ variant: Variant) async throws {
    try await withServer { try await Contract.aStreamIsReadFromAnyIndex(variant, $0) }
  }

  @Test(arguments: Transport.allCases)
  func `stopping the generation is told to who reads it`(_ transport: Transport) async throws {
    try await withServer { try await Contract.aStopIsToldToWhoReads(transport, $0) }
  }

  @Test(arguments: Variant.atOnce, Stopping.allCases)
  func `who asked at once can stop it in every way there is`(_ variant: Variant, _ stopping: Stopping)
    async throws
  {
    try await withServer { try await Contract.whoAskedAtOnceCanStop(variant, stopping, $0) }
  }

  @Test(arguments: Variant.all)
  func `two readers of one stream see the same`(_ variant: Variant) async throws {
    try await withServer { try await Contract.twoReadersSeeTheSame(variant, $0) }
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
