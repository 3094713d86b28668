import ArgumentParser
import Foundation
import Machine
import PlainText
import Readings
import StreamTap

/// A magnifying glass for anybody's stream.
struct TapCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tap",
    abstract:
      "Reads any event stream, lines, WebSocket or polled interface, and shows when each part of it came, and who gathers.",
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

  @Option(
    help: ArgumentHelp(
      """
      Polls: asks again so many seconds after each request, or with 0 as soon as it is answered. {next=0} in the URL stands for \
      the field 'next' of the answer before, and at first for 0.
      """, valueName: "seconds"))
  var every: Double?

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
    guard (0...3_600).contains(every ?? 0) else {
      throw ValidationError("--every takes a number of seconds from 0 to 3600")
    }
    guard every == nil || !check && !url.lowercased().hasPrefix("ws") else {
      throw ValidationError("--every asks again and again: it goes with no --check, and with no WebSocket")
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
    var request = TapRequest(try TapTarget(every == nil ? url : PolledURL(url).url))
    if let lastEventID { try request.add(header: "Last-Event-ID: \(lastEventID)") }
    for header in headers { try request.add(header: header) }
    request.body = body
    return request
  }

  func run() async throws {
    let request = try request(body: try post.map(Self.bytes))
    Interruption.take()
    let shown = TapOutput(
      json ? .json : check ? .nothing : raw ? .raw : .text,
      heading: every == nil ? TapText.heading : TapText.pollHeading)
    if let every { return try await poll(request, every: Duration(roundedSeconds: every), shown) }
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

  private func poll(_ request: TapRequest, every interval: Duration, _ shown: TapOutput) async throws {
    let report: PollReport
    do {
      report = try await PollTap.run(
        request, PolledURL(url), every: interval, limit: Duration(roundedSeconds: seconds),
        until: { Interruption.isWished }, shown.show)
    } catch  where Interruption.isWished {
      throw ExitCode(Interruption.exitCode)
    }
    try StandardOutput.write(json ? TapJSON.summary(report) : TapText.summary(report))
    if Interruption.isWished { throw ExitCode(Interruption.exitCode) }
    if !report.isAnswered || report.hasFailed || report.answers == 0 { throw ExitCode(1) }
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw ValidationError("--post takes a file, and '\(path)' cannot be read")
    }
  }
}
