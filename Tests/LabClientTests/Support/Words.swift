import Answers
import LabClient
import Readings
import Wire

/// What a lab's server would say, put together by hand.
enum Words {
  static let question = Question(prompt: "hello", tokenCount: 4, pacing: Pacing(think: .zero, rate: 1_000))
  static let epoch = question.epoch.description
  static let first = "00000000000000aa"
  static let second = "00000000000000bb"

  static func response(_ status: Int, _ body: String = "", fields: String = "") -> String {
    "HTTP/1.1 \(status) X\r\n\(fields)content-length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  static func started(_ stream: String, epoch: String = epoch, at started: Int = 5) -> String {
    response(201, #"{"stream":"\#(stream)","epoch":"\#(epoch)","started":\#(started)}"#)
  }

  static func page(_ indices: Range<Int>, done: Bool = false) -> String {
    response(200, pageBody(indices, done: done))
  }

  static func pageBody(_ indices: Range<Int>, done: Bool = false) -> String {
    let payloads = indices.map { payload($0).json }
    let page = PollPage.json(
      tokens: payloads, next: indices.upperBound, done: done, ending: done ? .complete : nil)
    return String(decoding: page, as: UTF8.self)
  }

  static func eventStream(_ body: String...) -> String { chunked("text/event-stream", body) }

  static func lineStream(_ body: String...) -> String { chunked("application/x-ndjson", body) }

  private static func chunked(_ type: String, _ body: [String]) -> String {
    "HTTP/1.1 200 OK\r\ncontent-type: \(type)\r\ntransfer-encoding: chunked\r\n\r\n"
      + body.map { String($0.utf8.count, radix: 16) + "\r\n" + $0 + "\r\n" }.joined()
  }

  static func event(_ index: Int) -> String {
    let bytes = ServerSentEvent.encode(id: "\(epoch):\(index)", data: payload(index).json)
    return String(decoding: bytes, as: UTF8.self)
  }

  static let wholeEventStream = eventStream(event(0), event(1), event(2), event(3), done)

  static let done = "event: done\nid: \(epoch):4\ndata: {\"reason\":\"complete\",\"tokens\":4}\n\n"

  static func line(_ index: Int) -> String {
    String(decoding: payload(index).json, as: UTF8.self) + "\n"
  }

  static let wholeLineStream = lineStream(line(0), line(1), line(2), line(3), doneLine)

  static let startedLine =
    "{\"started\":{\"stream\":\"\(first)\",\"epoch\":\"\(epoch)\",\"started\":5}}\n"

  static let doneLine = "{\"done\":{\"reason\":\"complete\",\"tokens\":4}}\n"

  static func payload(_ index: Int) -> TokenPayload {
    TokenPayload(index: index, token: Array(Script(question))[index])
  }

  static func plan(_ server: ScriptedServer, _ transport: Transport, _ recovery: Recovery) -> ReadingPlan {
    var plan = ReadingPlan(
      server: server.address, variant: Variant(transport: transport, pollInterval: .milliseconds(1)),
      expected: ExpectedTokens(question))
    plan.recovery = recovery
    return plan
  }
}

extension ScriptedServer {
  /// Reads the stream of the question with a server that has these answers.
  static func read(
    _ transport: Transport, _ recovery: Recovery, _ answers: [Answer], host: String = "127.0.0.1",
    change: (inout ReadingPlan) -> Void = { _ in }
  ) async throws -> (reading: Reading, server: ScriptedServer) {
    let server = try await ScriptedServer(answers, host: host)
    let reader = Reader()
    var plan = Words.plan(server, transport, recovery)
    change(&plan)
    let reading = await reader.read(plan)
    await reader.shutDown()
    try await server.stop()
    return (reading, server)
  }

  /// The same where the first loss is the failure.
  static func read(
    _ transport: Transport, _ answers: [Answer], host: String = "127.0.0.1",
    change: (inout ReadingPlan) -> Void = { _ in }
  ) async throws -> (reading: Reading, server: ScriptedServer) {
    try await read(transport, .none, answers, host: host, change: change)
  }

  /// All of the stream, as the transport brings it.
  static func whole(_ transport: Transport, before: String = "") -> Answer {
    switch transport.exchange {
    case .pages, .heldPages: .say(before + Words.page(0..<4, done: true))
    case .stream where transport == .httpStreaming: .say(before + Words.wholeLineStream)
    case .stream: .say(before + Words.wholeEventStream)
    case .socket: .upgrade(Frames.tokens + [Frames.done, Frames.close(1000)], before: before)
    }
  }
}

extension Recovery {
  /// Comes back at once, so that no test waits.
  static let fast = Recovery.resume(
    Resumption(
      backoff: Backoff(base: .milliseconds(1), ceiling: .milliseconds(5)), silence: .seconds(20),
      longestReconnectionTime: .milliseconds(5)))
}
