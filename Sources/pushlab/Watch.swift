import Answers
import ArgumentParser
import Foundation
import LWS
import LabClient
import LabServer
import Machine
import Measurement
import MonotonicTime
import PlainText
import Readings
import Report
import Wire

struct Watch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints an answer in the terminal as it arrives; with --wire, shows the bytes on the wire.",
    discussion: """
      In a terminal, control characters of the answer other than line feeds and tabs become blanks, so that no server \
      controls it; a pipe or a file gets the answer's text unchanged.
      """)

  @Argument(help: "What to ask.")
  var prompt: String

  private static let transports = Transport.allCases.map(\.name)

  // Taken as a text, so that a misspelt one is answered with the nearest.
  @Option(
    name: .customLong("transport"),
    help: ArgumentHelp("How to read: \(transports.joined(separator: ", ")).", valueName: "transport"),
    completion: .list(transports))
  var transportName = Transport.serverSentEvents.name

  @Flag(help: "Shows the bytes in both directions: > to the server, < from it.")
  var wire = false

  @Option(help: "How many tokens the answer has.")
  var tokens = 60

  @Option(help: "Tokens per second.")
  var rate = 20.0

  @Option(help: "Seconds before the first token.")
  var think = 0.4

  @Option(help: "Coefficient of variation of the gaps between tokens.")
  var jitter = 0.3

  @Option(help: "Another seed gives another answer.")
  var seed: UInt64 = 0

  @Option(help: "Short polling alone: seconds from one request to the next; 0.25 if left out.")
  var interval: Double?

  @Option(
    help:
      "The port of a server on this machine to ask, with the access token in PUSHLAB_TOKEN; if left out, a temporary server is started."
  )
  var port: Int?

  @Flag(name: .customLong("no-resume"), help: "Ends at the first lost connection instead of reconnecting.")
  var endsAtLoss = false

  func validate() throws {
    if let port, !(1...65_535).contains(port) {
      throw ValidationError("--port takes a number from 1 to 65535")
    }
    if port != nil { _ = try ServerAddress.tokenToShow }
    try FewDescriptors.refuse()
    guard !prompt.isEmpty else { throw ValidationError("the prompt is empty: give it a text") }
    for (name, value) in [("rate", rate), ("think", think), ("jitter", jitter)] where !value.isFinite {
      throw ValidationError("--\(name) takes a number")
    }
    do throws(FieldError) {
      _ = try QuestionFields.question(json: question.json)
    } catch {
      throw ValidationError(
        error.description.replacing("'", with: "--", maxReplacements: 1).replacing("'", with: ""))
    }
    guard let transport = Transport(named: transportName) else {
      throw ValidationError("--transport: \(Self.transports.refusal(of: transportName, kind: "transport"))")
    }
    guard interval == nil || transport == .shortPolling else {
      throw ValidationError("--interval applies to \(Transport.shortPolling.name) only")
    }
    guard (0.001...3_600).contains(interval ?? 1) else {
      throw ValidationError("--interval takes seconds from 0.001 to 3600")
    }
  }

  private var variant: Variant {
    guard let transport = Transport(named: transportName) else { preconditionFailure("not validated") }
    var variant = Variant(transport: transport)
    if let interval { variant.pollInterval = Duration(roundedSeconds: interval) }
    return variant
  }

  private var question: Question {
    Question(
      prompt: prompt, seed: seed, tokenCount: tokens,
      pacing: Pacing(think: Duration(roundedSeconds: think), rate: rate, jitter: jitter))
  }

  func run() async throws {
    let server: Server<Lab>?
    do throws(ServerError) {
      server = try port == nil ? Server(ServerConfiguration()) { Lab(loop: $0, staticFolder: nil) } : nil
    } catch {
      throw NotServing(error)
    }
    defer { server?.stop() }
    var plan = ReadingPlan(
      server: ServerAddress(
        host: "127.0.0.1", port: port ?? server?.port ?? 0,
        token: try ServerAddress.tokenToShow),
      variant: variant,
      expected: ExpectedTokens(question))
    if !endsAtLoss { plan.recovery = .resume(Resumption()) }
    plan.seed = .random(in: 0...UInt64.max)
    plan.onOutage = { outage in OutageLine(outage).show() }
    if wire {
      plan.onWire = { direction, bytes in
        write(WireView.lines(direction, bytes.readableBytesView))
      }
    } else {
      let isTerminal = StandardOutput.isTerminal
      plan.onToken = { payload in write(isTerminal ? payload.token.harmlessInPieces : payload.token) }
    }
    let reader = Reader()
    let reading = await reader.read(plan)
    await reader.shutDown()
    if !reading.arrivals.isEmpty { write("\n") }
    if let failure = reading.failure { throw ExperimentFailure(description: failure) }
    let end = reading.end == .complete ? tokens : (reading.arrivals.lazy.map(\.index).max() ?? -1) + 1
    let ledger = Ledger(reading.arrivals, expected: 0..<end)
    // Another text than the generator's may be another server's own.
    guard ledger.lost + ledger.duplicated + ledger.reordered == 0 else {
      throw ExperimentFailure(description: "this is not the answer as it was generated: \(ledger.words)")
    }
  }
}

/// Ends the command where the text cannot be written: what is still to come has no place to go to either.
private func write(_ text: String) {
  do throws(OutputError) {
    try StandardOutput.write(text)
  } catch {
    Pushlab.end(with: error)
  }
}

private struct ExperimentFailure: Error, CustomStringConvertible {
  let description: String
}

/// What a person is told of a lost connection, beside the answer.
struct OutageLine {
  let text: String

  init(_ outage: Outage) {
    if let firstAfter = outage.firstAfter {
      let seconds = outage.noticed.duration(to: firstAfter).inSeconds
      text = "back after \(String(format: "%.1f", seconds)) s"
    } else {
      text = "lost: \(outage.cause); trying again".onOneLine
    }
  }

  /// On standard error, dim where that is a terminal.
  func show() {
    let line = StandardError.isTerminal ? "\u{1B}[2m[\(text)]\u{1B}[0m" : "[\(text)]"
    StandardError.write("\n\(line)\n")
  }
}

/// Bytes as lines a person can read: text as it is, line ends and everything else that a terminal would obey or
/// not print spelt out.
enum WireView {
  static func lines(_ direction: WireDirection, _ bytes: some Collection<UInt8>) -> String {
    let mark = direction == .up ? "> " : "< "
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var text = ""
    for (number, line) in lines.enumerated() {
      let isLast = number == lines.count - 1
      if isLast, line.isEmpty { break }
      text += mark + spelt(line) + (isLast ? "" : "\\n") + "\n"
    }
    return text
  }

  private static func spelt(_ line: some Collection<UInt8>) -> String {
    if let text = String(validating: line, as: UTF8.self) {
      return text.unicodeScalars.map { scalar in
        scalar == "\r" ? "\\r" : scalar.isHarmless ? "\(scalar)" : scalar.utf8.map(hex).joined()
      }.joined()
    }
    return line.map { (0x20..<0x7f).contains($0) ? String(UnicodeScalar($0)) : hex($0) }.joined()
  }

  private static func hex(_ byte: UInt8) -> String {
    "\\x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
  }
}
