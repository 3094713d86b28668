import Foundation
import Machine
import MonotonicTime
import Wire

/// nginx with the Nchan module: one channel, and a publisher of the bench's that posts each token at its instant.
final class Nchan: Contestant {
  let port: Int
  private let process: ChildProcess

  /// - Parameter page: what `GET /page.json` answers.
  init(_ parts: Parts, _ load: Load, folder: URL, page: [UInt8] = []) throws {
    guard let nginx = parts.nginx else { throw BenchError("nginx is not installed") }
    port = try LoopbackInterface.freePort()
    try Data(page).write(to: folder.appendingPathComponent("page.json"))
    let file = folder.appendingPathComponent("nginx.conf")
    var text = try String(contentsOfFile: parts.peers + "/nginx.conf", encoding: .utf8)
    let values = [
      "MODULE": nginx.module, "FOLDER": folder.path, "PORT": String(port), "TOKENS": String(load.tokens),
      // Where fewer than a sixteenth are free, nginx closes connections that wait for a request.
      "CONNECTIONS": String(load.readers * 2 + 500),
    ]
    for (name, value) in values { text = text.replacing("@\(name)@", with: value) }
    try text.write(to: file, atomically: true, encoding: .utf8)
    // The shell ends nginx when its input ends, so that nginx never outlives the bench.
    let script = #""$0" -c "$1" & read -r line; kill $!; wait $!"#
    process = try ChildProcess("/bin/sh", ["-c", script, nginx.executable, file.path], errors: .nothing)
    do {
      try process.waitUntilListening(on: port)
      // The master listens before there is a worker: only a worker answers.
      _ = try AskedConnection(port: port).answer(to: RequestBytes.get("/page.json"))
    } catch {
      stop()
      let log = try? String(contentsOf: folder.appendingPathComponent("error.log"), encoding: .utf8)
      throw BenchError("nginx \(error): \(log?.split(separator: "\n").first ?? "it wrote no log")")
    }
  }

  /// The worker, which does all the work: the shell has one child, the master, and that has one.
  var processes: [Int32] { [process.worker] }

  func plans(_ load: Load, _ transport: Transport) -> [ReaderPlan] {
    let asking: ReaderPlan.Asking =
      switch transport.exchange {
      case .stream: .once(RequestBytes.get("/events", "Accept: text/event-stream\r\n"))
      case .socket: .once(RequestBytes.upgrade("/socket"))
      case .pages:
        .polls(Polls(interval: load.pollInterval, asksAgain: .withTokens) { Self.poll("/poll", $0) })
      case .heldPages: .polls(Polls(asksAgain: .always) { Self.poll("/long-poll", $0) })
      }
    return Array(repeating: ReaderPlan(asking: asking, first: load.first), count: load.readers)
  }

  /// A poller echoes what tells the server where it stands.
  private static func poll(_ path: String, _ place: Polls.Place) -> [UInt8] {
    guard !place.lastModified.isEmpty else { return RequestBytes.get(path) }
    let (date, tag) = (place.lastModified, place.etag)
    return RequestBytes.get(
      path,
      "If-Modified-Since: \(String(decoding: date, as: UTF8.self))\r\n"
        + "If-None-Match: \(String(decoding: tag, as: UTF8.self))\r\n")
  }

  func publisher(_ load: Load) throws -> Publisher? { try Publisher(load, port: port) }

  /// Polls that always find the oldest message.
  func messagePlans(_ load: Load) throws -> [ReaderPlan] {
    let connection = try AskedConnection(port: port)
    _ = try connection.answer(to: RequestBytes.post("/publish", "application/json", load.payloads[0]))
    return ReaderPlan.repeating(RequestBytes.get("/poll"), readers: load.readers)
  }

  /// Requests of a file.
  func filePlans(readers: Int) -> [ReaderPlan] {
    ReaderPlan.repeating(RequestBytes.get("/page.json"), readers: readers)
  }

  func stop() {
    try? process.input.close()
    process.wait()
  }
}
