import Answers
import Bench
import Glibc
import LWS
import LabServer
import Wire

extension Operation {
  /// What a server in this process does beside the kernel, for its instructions to be counted. The kernel's part
  /// and the readers' waiting are in the time that they take, so time says nothing here.
  static var serving: [Operation] {
    let readers = ServedStream.readers
    return [
      Operation(name: "deliver-event", title: "a token delivered to \(readers) event streams", isTimed: false)
      {
        { count in try ServedStream(tokens: count).deliver { RequestBytes.get("\($0)/events") } }
      },
      Operation(
        name: "deliver-line", title: "a token delivered to \(readers) streamed fetches", isTimed: false
      ) {
        { count in try ServedStream(tokens: count).deliver { RequestBytes.get("\($0)/lines") } }
      },
      Operation(name: "deliver-message", title: "a token delivered to \(readers) WebSockets", isTimed: false)
      {
        { count in try ServedStream(tokens: count).deliver { RequestBytes.upgrade("\($0)/socket") } }
      },
      Operation(name: "answer-poll", title: "a short poll answered", isTimed: false) {
        let served = try ServedStream(tokens: 1)
        // A page without the token would be cheaper.
        try served.followByLongPolls()
        return { count in try served.poll(times: count) }
      },
      Operation(name: "answer-long-poll", title: "a long poll answered with the next token", isTimed: false) {
        { count in try ServedStream(tokens: count).followByLongPolls() }
      },
    ]
  }
}

/// A server in this process did not do what is to be counted.
private struct ServingFailure: Error, CustomStringConvertible {
  var description: String
}

/// A stream on a server in this process.
private final class ServedStream {
  static let readers = 40
  /// Tokens a second: slow enough for one to be sent before the next, also where every instruction is counted.
  private static let rate = 100.0

  private let server: LWS.Server<Lab>
  private let asking: AskedConnection
  private let path: String

  init(tokens: Int) throws {
    server = try LWS.Server(ServerConfiguration()) { Lab(loop: $0, staticFolder: nil) }
    asking = try AskedConnection(port: server.port)
    let question = Question(
      prompt: "cost", tokenCount: tokens,
      pacing: Pacing(think: .milliseconds(500), rate: Self.rate, jitter: 0))
    let answer = try asking.answer(to: RequestBytes.post("/streams", "application/json", question.json))
    path = "/streams/\(try StreamStarted(json: answer.body).stream)"
  }

  deinit {
    server.stop()
  }

  /// Reads the stream with all readers at once.
  /// - Parameter request: what each asks with, given the stream's path.
  func deliver(_ request: (String) -> [UInt8]) throws {
    let connections = try (0..<Self.readers).map { _ in try Loopback.connect(to: server.port) }
    defer { for connection in connections { close(connection) } }
    for connection in connections where !Loopback.send(request(path), to: connection) {
      throw ServingFailure(description: "a connection does not take a request")
    }
    for connection in connections { try readToEnd(connection) }
  }

  private func readToEnd(_ connection: CInt) throws {
    var text = ""
    try withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
      repeat {
        let count = recv(connection, buffer.baseAddress, buffer.count, 0)
        guard count > 0 else { throw ServingFailure(description: "the stream ended early: \(text)") }
        text = String(text.suffix(100)) + String(decoding: buffer[..<count], as: UTF8.self)
        // In a token's text the quotes would be escaped.
      } while !text.contains(#""reason":"complete""#)
    }
  }

  func poll(times: Int) throws {
    for _ in 0..<times { _ = try page("poll?from=0") }
  }

  func followByLongPolls() throws {
    var next = 0
    while true {
      let page = try PollPage(json: page("long-poll?from=\(next)"))
      if page.done { return }
      next = page.next
    }
  }

  private func page(_ resource: String) throws -> [UInt8] {
    let answer = try asking.answer(to: RequestBytes.get("\(path)/\(resource)"))
    guard answer.status == 200 else {
      throw ServingFailure(description: "a poll was answered \(answer.status)")
    }
    return answer.body
  }
}
