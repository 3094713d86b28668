import LabClient
import Readings
import Testing
import Wire

@testable import LabClient

/// Reading lines, against literal bytes.
@Suite struct HTTPStreamingTests {
  private func read(
    _ recovery: Recovery, _ streams: [ScriptedServer.Answer], asking: AskingOrder = .first
  ) async throws -> (reading: Reading, server: ScriptedServer) {
    let asked = asking == .first ? [ScriptedServer.Answer.say(Words.started(Words.first))] : []
    return try await ScriptedServer.read(.httpStreaming, recovery, asked + streams) { plan in
      plan.variant.asking = asking
    }
  }

  @Test func `tokens are read however they are written, and empty lines passed over`() async throws {
    let odd = "{ \"token\" : \"\(Words.payload(1).token)\", \"index\": 1 }\r\n"
    let (reading, server) = try await read(
      .none,
      [
        .say(
          Words.lineStream("\n", Words.line(0), odd + "\n\n" + Words.line(2), Words.line(3), Words.doneLine))
      ])
    #expect(reading.failure == nil)
    #expect(reading.end == .complete)
    #expect(reading.arrivals.map(\.index) == [0, 1, 2, 3])
    #expect(!reading.arrivals.contains { !$0.isIntact })
    #expect(server.requests[1].hasPrefix("GET /streams/\(Words.first)/lines?from=0 HTTP/1.1\r\n"))
  }

  @Test func `a reader that was cut off says from where it goes on`() async throws {
    let (reading, server) = try await read(
      .fast,
      [
        .sayAndClose(Words.lineStream(Words.line(0), Words.line(1), String(Words.line(2).dropLast(9)))),
        .say(Words.lineStream(Words.line(2), Words.line(3), Words.doneLine)),
      ])
    #expect(reading.failure == nil)
    #expect(reading.arrivals.map(\.index) == [0, 1, 2, 3])
    #expect(server.requests[2].hasPrefix("GET /streams/\(Words.first)/lines?from=2&epoch=\(Words.epoch) "))
  }

  @Test func `a reader that fell behind comes back for the rest`() async throws {
    let (reading, _) = try await read(
      .fast,
      [
        .sayAndClose(Words.lineStream(Words.line(0), "{\"error\":\"more than 1 tokens behind\"}\n")),
        .say(Words.lineStream(Words.line(1), Words.line(2), Words.line(3), Words.doneLine)),
      ])
    #expect(reading.failure == nil)
    #expect(reading.arrivals.map(\.index) == [0, 1, 2, 3])
    #expect(reading.outages.map(\.cause) == ["the server ended the response: more than 1 tokens behind"])
  }

  @Test func `lines of white space are passed over, and the last may lack its end`() async throws {
    let lines = Words.line(0) + "\r\n \t\n" + Words.line(1) + Words.line(2) + Words.line(3)
    let (reading, _) = try await read(
      .none, [.say(Words.lineStream(lines, String(Words.doneLine.dropLast())) + "0\r\n\r\n")])
    #expect(reading.failure == nil)
    #expect(reading.arrivals.map(\.index) == [0, 1, 2, 3])
    #expect(!reading.arrivals.contains { !$0.isIntact })
  }

  @Test func `a line that does not end is the end`() async throws {
    let endless = String(repeating: "x", count: 1 << 20)
    let (reading, _) = try await read(.fast, [.say(Words.lineStream(Words.line(0), endless, "x"))])
    #expect(
      reading.failure
        == "the server sent what the transport does not allow: more than 1048576 bytes that end neither an event nor a line"
    )
  }

  @Test func `a response that is not the server's lines is the end`() async throws {
    for line in ["<html>\n", "{}\n", "[1]\n", "{\"index\":-1,\"token\":\"a\"}\n"] {
      let (reading, _) = try await read(.fast, [.say(Words.lineStream(line))])
      #expect(
        reading.failure
          == "the server sent what the transport does not allow: a line that is neither a token nor done")
    }
  }

  @Test func `a naive reader is lost with its response`() async throws {
    let (reading, _) = try await read(.naive, [.sayAndClose(Words.lineStream(Words.line(0)))])
    #expect(reading.abandoned == "the connection ended before the stream did")
  }

  @Test func `lines are asked for in one request, and the rest too`() async throws {
    let (reading, server) = try await read(
      .fast,
      [
        .sayAndClose(Words.lineStream(Words.startedLine, Words.line(0), Words.line(1))),
        .say(Words.lineStream(Words.startedLine, Words.line(2), Words.line(3), Words.doneLine)),
      ], asking: .atOnce)
    #expect(reading.failure == nil)
    #expect(reading.arrivals.map(\.index) == [0, 1, 2, 3])
    #expect(reading.requests == 2)
    #expect(server.requests.allSatisfy { $0.hasPrefix("POST /chat-stream HTTP/1.1\r\n") })
    #expect(server.requests.allSatisfy { $0.contains("\r\nAccept: application/x-ndjson\r\n") })
    let rest = Asking(Words.question, from: 2, epoch: Words.epoch).json
    #expect(server.requests[0].hasSuffix(String(decoding: Words.question.json, as: UTF8.self)))
    #expect(server.requests[1].hasSuffix(String(decoding: rest, as: UTF8.self)))
  }

  @Test func `a question that is refused is not asked again`() async throws {
    let (reading, server) = try await read(
      .fast, [.say(Words.response(400, "{\"error\":\"no 'prompt'\"}"))], asking: .atOnce)
    #expect(reading.failure?.hasPrefix("the server answered 400") == true)
    #expect(server.requests.count == 1)
  }
}
