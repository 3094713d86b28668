import Answers
import LabClient
import Readings
import Testing
import Wire

/// Responses before the response (RFC 9110, section 15.2).
@Suite struct InterimResponseTests {
  private static let interim =
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX:\r\n\r\n"
    + "HTTP/1.1 102 Processing\r\nContent-Length: 3\r\n\r\nHTTP/1.1 199 Whatever\r\n\r\nHTTP/1.1 103\r\n\r\n"

  @Test(arguments: Transport.allCases)
  func `interim responses are passed over when asking and when reading`(_ transport: Transport) async throws {
    let (reading, server) = try await ScriptedServer.read(
      transport,
      [
        .say(Self.interim + Words.started(Words.first)),
        ScriptedServer.whole(transport, before: Self.interim),
      ])
    #expect(reading.failure == nil)
    #expect(reading.end == .complete)
    #expect(reading.arrivals.map(\.index) == [0, 1, 2, 3])
    #expect(server.requests.count == 2)
    #expect(reading.connections == 1)
  }

  @Test func `their bytes are counted with the heads`() async throws {
    let page = Words.page(0..<4, done: true)
    let (reading, _) = try await ScriptedServer.read(
      .longPolling,
      [.say(Words.started(Words.first)), .say(Self.interim + page)])
    let heads = [Words.started(Words.first), page].map {
      $0.firstRange(of: "\r\n\r\n")!.upperBound.utf16Offset(in: $0)
    }
    #expect(reading.down.heads == heads.reduce(Self.interim.utf8.count, +))
  }

  @Test(arguments: Transport.allCases)
  func `a final answer that refuses may follow them`(_ transport: Transport) async throws {
    let (reading, _) = try await ScriptedServer.read(
      transport,
      [.say(Words.started(Words.first)), .say(Self.interim + Words.response(403))])
    #expect(reading.failure == "the server answered 403: X")
  }

  @Test(arguments: Transport.allCases)
  func `an end behind them is a cut`(_ transport: Transport) async throws {
    let (reading, _) = try await ScriptedServer.read(
      transport, [.say(Words.started(Words.first)), .sayAndClose(Self.interim)])
    #expect(reading.failure == "the connection ended before the stream did")
  }

  @Test(arguments: Transport.allCases.filter { $0.exchange != .socket })
  func `101 out of turn is an error in words`(_ transport: Transport) async throws {
    let (reading, _) = try await ScriptedServer.read(
      transport, .fast,
      [.say(Words.started(Words.first)), .upgrade([Frames.done])])
    #expect(reading.failure?.contains("101 in answer to a request that offered no other protocol") == true)
    let (asking, _) = try await ScriptedServer.read(transport, .fast, [.upgrade([])])
    #expect(asking.failure == reading.failure)
  }

  @Test func `what is no stream is fetched past them too`() async throws {
    let server = try await ScriptedServer([
      .sayAndClose(Self.interim + Words.response(200, "well")),
      .say(Self.interim + Words.started(Words.first)),
    ])
    let reader = Reader()
    #expect(try await reader.get("/healthz", from: server.address) == "well")
    #expect(try await reader.ask(Words.question, of: server.address).stream == Words.first)
    await reader.shutDown()
    try await server.stop()
  }
}
