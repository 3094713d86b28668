import Answers
import Foundation
import LWS
import LabClient
import LabServer
import Readings
import Wire

/// A real server on a free port of the loopback interface, on a thread of this process, and readers for it.
func withLab(
  limits given: Limits = Limits(), access: Access = Access(), staticFolder: String? = nil,
  takesFaults: Bool = false,
  _ body: (LabFixture) async throws -> Void
) async throws {
  // Streams stay for as long as a loaded machine may take to come to them.
  let limits = {
    var limits = given
    limits.retention = .seconds(600)
    return limits
  }()
  let server = try Server(ServerConfiguration(limits: limits.connection)) { loop in
    Lab(
      loop: loop, limits: limits, access: access, staticFolder: staticFolder, takesFaults: takesFaults)
  }
  let lab = LabFixture(port: server.port)
  do {
    try await body(lab)
    await lab.reader.shutDown()
    server.stop()
  } catch {
    await lab.reader.shutDown()
    server.stop()
    throw error
  }
}

struct LabFixture: Sendable {
  let port: Int
  let reader = Reader()
  /// Where readers go, if not to the server itself: to a proxy that speaks TLS.
  var edge: ServerAddress?

  var address: ServerAddress { edge ?? ServerAddress(host: "127.0.0.1", port: port) }

  func plan(_ transport: Transport, _ question: Question, stream: StreamStarted? = nil) -> ReadingPlan {
    plan(Variant(transport: transport, pollInterval: .milliseconds(10)), question, stream: stream)
  }

  /// - Parameter stream: left to those who ask before they read.
  func plan(_ variant: Variant, _ question: Question, stream: StreamStarted? = nil) -> ReadingPlan {
    var plan = ReadingPlan(server: address, variant: variant, expected: ExpectedTokens(question))
    if variant.asking == .first { plan.stream = stream }
    if edge != nil { plan.variant.http = variant.transport == .webSocket ? .encrypted : .two }
    return plan
  }

  /// Asks over a connection of its own.
  func start(_ question: Question, fields: String = "") throws -> StreamStarted {
    let body = String(decoding: question.json, as: UTF8.self)
    let answer = try request("POST", "/streams", fields: fields, body: body)
    return try JSONDecoder().decode(StreamStarted.self, from: Data(answer.body.utf8))
  }

  /// One request over a connection of its own.
  func request(_ method: String, _ path: String, fields: String = "", body: String? = nil) throws
    -> RawResponse
  {
    let connection = try RawConnection(port: port)
    return try connection.request(method, path, fields: fields, body: body)
  }
}

extension Question {
  /// Many tokens, fast, with everything in them that breaks careless code.
  static func fast(tokens: Int = 200, rate: Double = 2_000, think: Duration = .milliseconds(5)) -> Question {
    Question(
      prompt: "What \"breaks\" a parser?\n🙂", seed: 7, tokenCount: tokens,
      pacing: Pacing(think: think, rate: rate, jitter: 0.5))
  }

  /// Its first token never comes while a test lasts.
  static let silent = Question(prompt: "Hush", pacing: Pacing(think: .seconds(3_600)))
}
