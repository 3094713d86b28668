import ArgumentParser
import Bench
import CommandEnding
import Foundation
import LabClient
import Machine
import PlainText
import Wire

/// The command.
@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pushlab-bench",
    abstract: "Measures pushlab's server beside a bare send loop and the servers a user would pick instead.",
    discussion: "bench/README.md says what is measured, and how. Ctrl-C ends it after the current turn.")

  @Option(help: "Numbers of readers, separated by commas.")
  var readers: String?

  @Option(help: "Tokens per second of a stream.")
  var rate: Double?

  @Option(help: "Seconds measured per turn.")
  var seconds: Double?

  @Option(help: "How many trials.")
  var trials: Int?

  @Option(
    help:
      "Servers to measure, separated by commas: \(Server.allCases.map(\.rawValue).joined(separator: ", ")).")
  var servers: String?

  @Option(help: "Loads, separated by commas: \(Load.Shape.allCases.map(\.rawValue).joined(separator: ", ")).")
  var loads: String?

  @Option(help: "Transports, separated by commas: \(Transport.allCases.map(\.name).joined(separator: ", ")).")
  var transports: String?

  @Option(help: "Milliseconds between two requests of a polling reader.")
  var interval: Int?

  @Option(help: "Seed of the order.")
  var seed: UInt64?

  @Flag(
    help:
      "Whether processors stay awake; by default they may sleep if the top rate is \(busy) tokens per second or more."
  )
  var processors: Wakeful?

  @Flag(help: "A quick look: few readers, two short trials. Too small to decide by.")
  var quick = false

  @Option(help: "The folder for bench.json, bench.md and summary.md; results/bench-TIME if left out.")
  var out: String?

  @Option(help: "Shows a saved result, given its bench.json, and measures nothing.")
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
        options.transports = try Self.list(transports, "--transports") { Transport(named: $0) }
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
      throw ValidationError("\(name) takes each value only once")
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
    throw ValidationError("no folder above this command has the project's bench/peers: run it from .build")
  }
}
