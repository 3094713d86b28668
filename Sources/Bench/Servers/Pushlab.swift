import Answers
import Foundation
import Machine
import MonotonicTime
import Wire

/// pushlab's own server.
final class Pushlab: Contestant {
  private let process: ServerProcess

  init(_ parts: Parts, _ load: Load) throws {
    process = try ServerProcess(
      executable: parts.pushlab,
      arguments: [
        "--max-connections", String(load.readers + 100),
        "--max-connections-per-address", String(load.readers + 100),
        "--max-streams", String(load.readers + 100), "--max-held-polls", String(load.readers + 100),
        "--idle-time", "3600", "--stall-time", "3600",
      ])
  }

  var port: Int { process.port }
  var processes: [Int32] { [process.processIdentifier] }

  func plans(_ load: Load, _ transport: Transport) throws -> [ReaderPlan] {
    let connection = try AskedConnection(port: port)
    let shared = load.shape == .fanOut ? try start(load, 0, connection) : nil
    return try (0..<load.readers).map { reader in
      let (path, first) = try shared ?? start(load, reader, connection)
      return ReaderPlan(asking: Self.asking(path, transport, load), first: first)
    }
  }

  /// Starts a stream whose first token is meant for the reader's instant.
  /// - Returns: its path, and the very instant, which the server states.
  private func start(_ load: Load, _ reader: Int, _ connection: AskedConnection) throws -> (String, Instant) {
    var question = load.question
    question.pacing.think = max(.zero, Instant.now.duration(to: load.first(of: reader)))
    let (status, body) = try connection.answer(
      to: RequestBytes.post("/streams", "application/json", question.json))
    guard status == 201 else {
      throw BenchError("started no stream: \(String(decoding: body, as: UTF8.self))")
    }
    let started = try StreamStarted(json: body)
    return (
      "/streams/" + started.stream,
      Instant(nanoseconds: started.started).advanced(by: question.pacing.think)
    )
  }

  private static func asking(_ path: String, _ transport: Transport, _ load: Load) -> ReaderPlan.Asking {
    let path = path + "/" + transport.resource
    return switch transport.exchange {
    case .stream: .once(RequestBytes.get(path))
    case .socket: .once(RequestBytes.upgrade(path))
    case .pages:
      .polls(
        Polls(interval: load.pollInterval, asksAgain: .never) { RequestBytes.get("\(path)?from=\($0.next)") })
    case .heldPages:
      .polls(Polls(asksAgain: .always) { RequestBytes.get("\(path)?from=\($0.next)&wait=100") })
    }
  }

  /// Short polls that always find a page with one token.
  func pagePlans(readers: Int) throws -> [ReaderPlan] {
    let question = Question(
      prompt: "bench", tokenCount: 2, pacing: Pacing(think: .zero, rate: 0.01, jitter: 0))
    let body = try AskedConnection(port: port).answer(
      to: RequestBytes.post("/streams", "application/json", question.json)
    ).body
    let request = RequestBytes.get("/streams/\(try StreamStarted(json: body).stream)/poll?from=0")
    return ReaderPlan.repeating(request, readers: readers)
  }

  /// What it says it is made of.
  func engine() throws -> String {
    let body = try AskedConnection(port: port).answer(to: RequestBytes.get("/metrics")).body
    return String(decoding: body, as: UTF8.self).firstMatch(of: /engine="([^"]*)"/).map { String($0.1) }
      ?? "unknown"
  }

  func stop() { process.stop() }
}

extension ReaderPlan {
  /// Readers that ask the same again and again, as quickly as they are answered.
  static func repeating(_ request: [UInt8], readers: Int) -> [ReaderPlan] {
    let polls = Polls(interval: .milliseconds(200), asksAgain: .afterTheFirst) { _ in request }
    return Array(repeating: ReaderPlan(asking: .polls(polls), first: .now), count: readers)
  }
}
