import ArgumentParser
import Bench
import CommandEnding
import Experiments
import Foundation
import PlainText
import Processes
import Wire

/// The command.
@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pushlab-bench",
    abstract: "Measures pushlab's server beside a bare send loop and the servers a user would pick instead.",
    discussion: "bench/README.md says what is measured, and how. Ctrl-C ends it after the turn under way.")

  @Option(help: "Numbers of readers, with commas.")
  var readers: String?

  @Option(help: "Tokens a second of a stream.")
  var rate: Double?

  @Option(help: "Seconds that are measured in a turn.")
  var seconds: Double?

  @Option(help: "How many trials.")
  var trials: Int?

  @Option(help: "Who takes part, with commas: \(Server.allCases.map(\.rawValue).joined(separator: ", ")).")
  var servers: String?

  @Option(help: "The loads, with commas: \(Load.Shape.allCases.map(\.rawValue).joined(separator: ", ")).")
  var loads: String?

  @Option(help: "The transports, with commas: \(Transport.allCases.map(\.rawValue).joined(separator: ", ")).")
  var transports: String?

  @Option(help: "Milliseconds between two questions of a reader that polls.")
  var interval: Int?

  @Option(help: "Another seed gives another order.")
  var seed: UInt64?

  @Flag(
    help:
      "For the whole run; left out, they may sleep where the highest rate is \(busy) tokens a second or more."
  )
  var processors: Wakeful?

  @Flag(help: "A look: few readers, two short trials. Too little to decide by.")
  var quick = false

  @Option(help: "The folder for bench.json, bench.md and summary.md; results/bench-TIME if left out.")
  var out: String?

  @Option(help: "Measures nothing, and shows a result again: its bench.json.")
  var report: String?

  /// Whether processors fall asleep between tokens.
  enum Wakeful: EnumerableFlag {
    case keepAwake, letSleep
  }

  private static let busy = Int(Wakefulness.busyTokensPerSecond)

  static func main() { runToEnd() }

  func run() throws {
    if let report { return try show(report) }
    let options = try chosen
    let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent()
    let project = try projectFolder(above: products)
    let folder = try OutputFolder(out)
    Interruption.take()
    let progress = Progress()
    let bench = try Bench(Parts(products: products.path, project: project), options, command: command)
    let result = try bench.run(
      didTurn: progress.show, didTrial: folder.write, isInterrupted: { Interruption.isWished })
    progress.clear()
    try folder.write(result)
    try StandardOutput.write(
      BenchReport(result).text(width: Terminal.width)
        + "\nresults: \(folder.path.onOneLine)/bench.json and bench.md\n")
    if Interruption.isWished { throw ExitCode(Interruption.exitCode) }
  }

  private func show(_ path: String) throws {
    guard let json = FileManager.default.contents(atPath: path) else {
      throw ValidationError("there is no file \(path) to be read: --report takes a bench.json")
    }
    guard let result = try? BenchResult(json: json) else {
      throw ValidationError("\(path) is not a result of this bench: --report takes a bench.json")
    }
    if let out { try OutputFolder(out).write(result) }
    try StandardOutput.write(BenchReport(result).text(width: Terminal.width) + "\n")
  }

  /// What typed again does the same again; where it puts the result is somebody else's matter.
  private var command: String {
    var words = CommandLine.arguments.dropFirst()[...]
    if let place = words.firstIndex(of: "--out") {
      words.removeSubrange(place..<min(place + 2, words.endIndex))
    }
    return (["pushlab-bench"] + words.filter { !$0.hasPrefix("--out=") }).joined(separator: " ")
  }

  private var chosen: Options {
    get throws {
      var options = quick ? Options().quick : Options()
      if let readers { options.readers = try Self.list(readers, "--readers") { Int($0) } }
      if let servers { options.servers = try Self.list(servers, "--servers") { Server(rawValue: $0) } }
      if let loads { options.shapes = try Self.list(loads, "--loads") { Load.Shape(rawValue: $0) } }
      if let transports {
        options.transports = try Self.list(transports, "--transports") { Transport(rawValue: $0) }
      }
      options.rate = rate ?? options.rate
      options.seconds = seconds ?? options.seconds
      options.trials = trials ?? options.trials
      options.pollMilliseconds = interval ?? options.pollMilliseconds
      options.seed = seed ?? options.seed
      options.letsSleep = processors.map { $0 == .letSleep }
      try Self.check(options)
      return options
    }
  }

  private static func check(_ options: Options) throws {
    let lists: [(String, [AnyHashable])] = [
      ("--readers", options.readers), ("--servers", options.servers), ("--loads", options.shapes),
      ("--transports", options.transports),
    ]
    for (name, list) in lists where Set(list).count < list.count {
      throw ValidationError("\(name) takes each once")
    }
    guard options.readers.allSatisfy((1...100_000).contains) else {
      throw ValidationError("--readers takes numbers from 1 to 100000")
    }
    guard (0.1...1_000).contains(options.rate), (0.1...3_600).contains(options.seconds) else {
      throw ValidationError("--rate takes a number from 0.1 to 1000, --seconds one from 0.1 to 3600")
    }
    guard (1...1_000).contains(options.trials), (1...60_000).contains(options.pollMilliseconds) else {
      throw ValidationError("--trials takes a number from 1 to 1000, --interval one from 1 to 60000")
    }
  }

  private static func list<Value>(_ text: String, _ name: String, _ value: (String) -> Value?) throws
    -> [Value]
  {
    try text.split(separator: ",").map { word in
      guard let value = value(String(word)) else {
        throw ValidationError("\(name) does not know '\(word)'")
      }
      return value
    }
  }

  private func projectFolder(above start: URL) throws -> String {
    var folder = start
    while folder.path != "/" {
      if FileManager.default.fileExists(atPath: folder.path + "/bench/peers/nginx.conf") {
        return folder.path
      }
      folder.deleteLastPathComponent()
    }
    throw ValidationError("the project's folder bench/peers is not above this command: run it from .build")
  }
}
