import ArgumentParser
import Foundation
import Machine
import PlainText
import Readings
import StreamTap
import Synchronization

/// A magnifying glass for anybody's stream.
struct TapCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tap",
    abstract:
      "Reads any event stream, lines or WebSocket, and shows when each part of it came, and who gathers.",
    discussion: "Ctrl-C ends the reading, and what was seen is summed up.")

  @Argument(help: "The stream's URL, with http, https, ws or wss.")
  var url: String

  @Option(
    name: .customLong("header"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A field of the request; may be repeated.", valueName: "name: value"))
  var headers: [String] = []

  @Option(help: ArgumentHelp("Asks with POST, and sends this file.", valueName: "file"))
  var post: String?

  @Option(name: .customLong("last-event-id"), help: "Where an event stream is to go on.")
  var lastEventID: String?

  @Option(help: "Seconds after which the reading ends.")
  var seconds = 60.0

  @Flag(help: "Shows the very bytes of each read, too.")
  var raw = false

  @Flag(help: "Writes JSON, an object a line.")
  var json = false

  @Flag(
    help:
      "Says in one line whether it streams, and ends with 1 where it does not, or where nothing can be told.")
  var check = false

  func validate() throws {
    guard (0.1...86_400).contains(seconds) else {
      throw ValidationError("--seconds takes a number from 0.1 to 86400")
    }
    guard [raw, json, check].count(where: \.self) < 2 else {
      throw ValidationError("--raw, --json and --check are three ways to show it: choose one")
    }
    guard post == nil || !url.lowercased().hasPrefix("ws") else {
      throw ValidationError("--post is for streams: a WebSocket is opened with GET")
    }
    do throws(TapError) {
      _ = try request(body: nil)
    } catch {
      throw ValidationError(error.description)
    }
  }

  private func request(body: [UInt8]?) throws(TapError) -> TapRequest {
    var request = TapRequest(try TapTarget(url))
    if let lastEventID { try request.add(header: "Last-Event-ID: \(lastEventID)") }
    for header in headers { try request.add(header: header) }
    request.body = body
    return request
  }

  func run() async throws {
    let request = try request(body: try post.map(Self.bytes))
    Interruption.take()
    let shown = Shown(json ? .json : check ? .nothing : raw ? .raw : .text)
    let outcome: StreamTap.Outcome
    do {
      outcome = try await StreamTap.run(
        request, limit: Duration(roundedSeconds: seconds), until: { Interruption.isWished }, shown.show)
    } catch  where Interruption.isWished {
      throw ExitCode(Interruption.exitCode)
    }
    try StandardOutput.write(
      json
        ? TapJSON.summary(outcome)
        : check ? outcome.report.verdict.onOneLine + "\n" : TapText.summary(outcome))
    if Interruption.isWished, !check { throw ExitCode(Interruption.exitCode) }
    if check ? !outcome.report.streams : !outcome.report.isAnswered { throw ExitCode(1) }
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw ValidationError("--post takes a file, and '\(path)' cannot be read")
    }
  }
}

/// Shows a stream while it comes, on the thread that reads it.
private final class Shown: Sendable {
  enum Form {
    case text
    case raw
    case json
    case nothing
  }

  private let form: Form
  private let text = Mutex(TapText())

  init(_ form: Form) {
    self.form = form
    if form == .text || form == .raw { write(TapText.heading + "\n") }
  }

  @Sendable func show(_ heard: StreamTap.Heard) {
    switch (heard, form) {
    case (.bytes(let bytes, _), .raw): write(WireView.lines(.down, bytes))
    case (.pieces(let pieces, let asked), .text), (.pieces(let pieces, let asked), .raw):
      write(text.withLock { $0.lines(pieces, asked: asked) })
    case (.pieces(let pieces, let asked), .json): write(TapJSON.lines(pieces, asked: asked))
    default: break
    }
  }

  private func write(_ text: String) {
    do throws(OutputError) {
      try StandardOutput.write(text)
    } catch {
      Pushlab.end(with: error)
    }
  }
}
