import ArgumentParser
import Experiments
import Foundation
import LinkedNetworks
import Machine
import MonotonicTime
import PlainText
import Report
import Results
import Wire

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs an experiment: all its transports side by side, on the same schedule.",
    discussion: "Ctrl-C ends a run after the current turn; completed trials are kept.")

  @Argument(
    help: "An experiment's name (see 'pushlab list'), or the path of an experiment file or its folder.")
  var experiment: String

  @Option(help: "How many trials are measured; the experiment's own number if left out.")
  var trials: Int?

  @Option(
    help:
      "How many runs, each with a fresh server; from six on, intervals cover differences between runs.")
  var runs: Int?

  @Option(
    help: "Seconds from the start of one run to the start of the next, to spread several runs over hours."
  )
  var every: Double?

  @Option(help: "Seed of schedules and order; the experiment's own if left out.")
  var seed: UInt64?

  @Flag(help: "A quick look: at most two trials and short answers. Too small to decide by.")
  var quick = false

  @Flag(help: "Lets processors sleep between tokens: the numbers then include waking them.")
  var letSleep = false

  @Flag(help: "Readers reconnect as naive code would, which shows what that loses.")
  var noResume = false

  @Option(
    help: ArgumentHelp(
      """
      A server that runs elsewhere, such as http://lab.example:8080, to measure in place of one of the run's own. Its access \
      token comes from the environment variable PUSHLAB_TOKEN.
      """, valueName: "url"))
  var server: String?

  @Option(
    help: ArgumentHelp(
      "The certificate of who vouches for --server, where the system does not know it.", valueName: "file"))
  var authority: String?

  @Flag(name: .customLong("http2"), help: "Reads a --server of https over HTTP/2, all but WebSockets.")
  var http2 = false

  @Option(
    help: ArgumentHelp(
      "A proxy to put in front of the server: nginx, caddy-tuned or another file of experiments/proxies.",
      valueName: "proxy"))
  var via: String?

  @Option(help: "The folder for result, arrivals and reports; results/NAME-TIME if left out.")
  var out: String?

  func validate() throws {
    if let trials, !(1...10_000).contains(trials) {
      throw ValidationError("--trials takes a number from 1 to 10000")
    }
    if let runs, !(1...1_000).contains(runs) { throw ValidationError("--runs takes a number from 1 to 1000") }
    guard (0...86_400).contains(every ?? 0) else {
      throw ValidationError("--every takes seconds from 0 to 86400")
    }
    if quick, (trials ?? 1) > 2 {
      throw ValidationError("--quick takes two trials at most: leave --trials out")
    }
    if quick, (runs ?? 1) > 1 { throw ValidationError("--quick is one look: leave --runs out") }
    if let seed, seed > 1_000_000_000 {
      throw ValidationError("--seed takes a number from 0 to 1000000000")
    }
    try FewDescriptors.refuse()
    let isEncrypted = server?.lowercased().hasPrefix("https:") == true
    for (option, isGiven) in [("--authority", authority != nil), ("--http2", http2)]
    where isGiven && !isEncrypted {
      throw ValidationError("\(option) goes with a --server of https")
    }
    _ = try serverAddress
    if out == "" { throw ValidationError("--out takes a folder's name, and this one is empty") }
  }

  func run() async throws {
    let chosen = try chosenExperiment()
    let server = try serverAddress
    if let server {
      try chosen.requireNothing(of: server)
      // Before anything is made, and while Ctrl-C still ends the command at once.
      try await chosen.requireAnswers(of: server)
    }
    if !chosen.links.isEmpty { try LinkRights.take() }
    try ResultFolder.requireRoom(out, for: chosen)
    // The folder is this run's from its first moment on; a mistake in the file is told before one in the folder.
    let made = Result { try ResultFolder(out, for: chosen) }
    try chosen.checkServerLimits(LimitOptions.mistake)
    let folder = try made.get()
    StandardError.write("pushlab: \(chosen.name.onOneLine) takes about \(chosen.expectedLength.rounded)\n")
    if let shortage = chosen.differencesShortage { StandardError.write("pushlab: \(shortage)\n") }
    let status = StatusLine()
    Interruption.take()
    let command = TypedCommand.text(Self.repeated(CommandLine.arguments.dropFirst()))
    // What ends the command has a line of its own.
    defer { status.clear() }
    let result = try await Runner(
      chosen, at: server, executable: Self.executable, keepsAwake: !letSleep,
      staticFolder: try? ProjectFolder().file("static"), proxiesFolder: proxiesFolder(of: chosen)
    ).run(
      into: folder, command: command,
      hooks: Runner.Hooks(progress: { status.show($0.words) }, isInterrupted: { Interruption.isWished }))
    status.show("writing the reports")
    let files = ReportFiles(of: result, in: folder)
    status.clear()
    try StandardOutput.write(
      TerminalReport(result, hasColour: Terminal.hasColour, width: Terminal.width).text + files.places)
    if result.isInterrupted { throw ExitCode(Interruption.exitCode) }
    if result.hasFailed { throw ExitCode(1) }
  }

  private var serverAddress: ServerAddress? {
    get throws {
      guard let server else { return nil }
      return try ServerAddress(url: server, authority: authority)
    }
  }

  private func proxiesFolder(of experiment: Experiment) throws -> String {
    // The folder is needed where a proxy is.
    guard experiment.conditions.contains(where: { $0.proxy != nil }) else { return "" }
    return try ProjectFolder().file("experiments/proxies")
  }

  /// This very program, also where another one looks for it.
  private static var executable: String { "/proc/\(ProcessInfo.processInfo.processIdentifier)/exe" }

  private func chosenExperiment() throws -> Experiment {
    var library = ExperimentLibrary(folder: nil)
    do throws(ExperimentError) {
      library = ExperimentLibrary(folder: try ProjectFolder().file("experiments"))
    } catch {
      library = ExperimentLibrary(folder: nil, absence: error.description)
    }
    var chosen: Experiment
    do {
      chosen = try library.experiment(experiment, hasEdge: via != nil || serverAddress?.trust != nil)
    } catch let error as UnknownExperiment {
      throw ValidationError(error.description)
    }
    if quick { chosen = chosen.quick }
    if let trials { chosen.trials = trials }
    if let runs { chosen.runs = runs }
    if let every {
      // The file may ask for several runs, too.
      guard chosen.runs > 1 else {
        throw ValidationError(
          "--every spreads several runs, and this is one: give --runs, or leave --every out")
      }
      chosen.runSpacing = Duration(roundedSeconds: every)
    }
    if noResume { chosen = chosen.naive }
    if let seed { chosen.seed = seed }
    if let via {
      do { chosen = try chosen.behind(via) } catch { throw ValidationError(error.description) }
    }
    if try serverAddress?.trust != nil { chosen = chosen.encrypted(http2: http2) }
    // Lines of the page's files are a column that needs the page.
    if chosen.metrics.contains(.browserLines) { _ = try ProjectFolder() }
    return chosen
  }

  /// Without the folder, which holds a result then.
  private static func repeated(_ arguments: ArraySlice<String>) -> [String] {
    var kept: [String] = []
    var isFolder = false
    for argument in arguments {
      if !isFolder, argument != "--out", !argument.hasPrefix("--out=") { kept.append(argument) }
      isFolder = argument == "--out" && !isFolder
    }
    return kept
  }
}

extension Duration {
  /// In whole seconds, or minutes where there are many, rounded up.
  fileprivate var rounded: String {
    let seconds = max(1, Int(inSeconds.rounded(.up)))
    return seconds <= 90 ? "\(seconds) s" : "\((seconds + 59) / 60) min"
  }
}

extension Runner.Progress {
  fileprivate var words: String {
    let place = trial.map { "trial \($0 + 1) of \(trials)" } ?? "outside the trials"
    let runs = runs > 1 ? "run \(run + 1) of \(runs) · " : ""
    return "\(runs)\(place) · \(entry) · about \(max(1, Int(timeLeft.components.seconds))) s left"
  }
}

enum Terminal {
  /// Whether standard output is a terminal whose reader wants colours (no-color.org).
  static var hasColour: Bool {
    let environment = ProcessInfo.processInfo.environment
    return StandardOutput.isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
      && environment["TERM"] != "dumb"
  }

  /// Columns of standard output: a terminal's own, from 40 to 120, or a hundred where it is none.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
    return min(120, max(40, Int(size.ws_col)))
  }
}
