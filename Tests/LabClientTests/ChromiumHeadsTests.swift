import Foundation
import Readings
import Testing
import Wire

@testable import LabClient

/// The heads of `heads: chromium` against what Chromium sent, which `Tests/BrowserTests/test_heads.py` keeps and holds
/// against the browser.
@Suite struct ChromiumHeadsTests {
  /// What a request says of itself, and not of who sends it.
  private static let own = ["Host", "Origin", "Content-Length", "Last-Event-ID", "Sec-WebSocket-Key"]

  private func fields(_ head: some StringProtocol) -> [String] {
    head.split(whereSeparator: \.isNewline).dropFirst().map { line in
      Self.own.first { line.hasPrefix("\($0): ") } ?? String(line)
    }
  }

  private func witness(_ name: String) throws -> [String] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Support/chromium-heads/\(name).txt")
    return fields(try String(contentsOf: file, encoding: .utf8))
  }

  private func head(_ request: String) -> Substring { request.split(separator: "\r\n\r\n")[0] }

  private func read(
    _ transport: Transport, _ answers: [ScriptedServer.Answer],
    _ change: (inout ReadingPlan) -> Void = { _ in }
  ) async throws -> (reading: Reading, requests: [String]) {
    let (reading, server) = try await ScriptedServer.read(transport, .fast, answers) { plan in
      plan.variant.heads = .chromium
      change(&plan)
    }
    #expect(reading.failure == nil)
    return (reading, server.requests)
  }

  @Test(arguments: [Transport.shortPolling, .longPolling])
  func `a question and a poll are Chromium's`(_ transport: Transport) async throws {
    let (reading, requests) = try await read(
      transport, [.say(Words.started(Words.first)), ScriptedServer.whole(transport)])
    #expect(try fields(head(requests[0])) == witness("ask"))
    #expect(try fields(head(requests[1])) == witness("poll"))
    #expect(requests[0].contains("\r\nOrigin: http://127.0.0.1:"))
    #expect(reading.up.heads == requests.map { head($0).utf8.count + 4 }.reduce(0, +))
    #expect(reading.up.total == reading.up.heads + reading.up.payload)
  }

  @Test func `an event stream is Chromium's, and comes back as Chromium does`() async throws {
    let (_, requests) = try await read(
      .serverSentEvents,
      [
        .say(Words.started(Words.first)),
        .sayAndClose(Words.eventStream("retry: 1\n\n", Words.event(0), Words.event(1))),
        .say(Words.eventStream(Words.event(2), Words.event(3), Words.done)),
      ])
    #expect(try fields(head(requests[1])) == witness("events"))
    #expect(try fields(head(requests[2])) == witness("events-again"))
    #expect(requests[2].contains("\r\nLast-Event-ID: \(Words.epoch):1\r\n"))
  }

  @Test func `a handshake is Chromium's`() async throws {
    let (_, requests) = try await read(
      .webSocket, [.say(Words.started(Words.first)), ScriptedServer.whole(.webSocket)])
    #expect(try fields(head(requests[1])) == witness("socket"))
  }

  @Test func `lines that are asked for in the request that reads them are Chromium's`() async throws {
    let lines = Words.lineStream(
      Words.startedLine, Words.line(0), Words.line(1), Words.line(2), Words.line(3), Words.doneLine)
    let (reading, requests) = try await read(.httpStreaming, [.say(lines)]) { $0.variant.asking = .atOnce }
    #expect(try fields(head(requests[0])) == witness("ask-for-lines"))
    #expect(reading.up.total == reading.up.heads + reading.up.payload)
  }

  @Test func `a word to stop is Chromium's`() throws {
    let server = ServerAddress(host: "127.0.0.1", port: 1)
    let lines = RequestHeads.chromium.fields(of: .fetch(), .DELETE, to: server, bodyCount: 0).map {
      "\($0): \($1)"
    }
    #expect(try fields((["DELETE / HTTP/1.1"] + lines).joined(separator: "\n")) == witness("stop"))
  }
}
