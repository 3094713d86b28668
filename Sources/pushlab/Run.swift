import ArgumentParser
import Experiments
import Foundation
import Report

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs an experiment: all its transports on the same schedule, side by side.")

  @Argument(help: "An experiment's name (see 'pushlab list'), or the path of an experiment file.")
  var experiment: String

  @Option(help: "How many trials count; the experiment's own number if left out.")
  var trials: Int?

  @Flag(help: "A look in seconds: at most two trials and short answers. Too little to decide by.")
  var quick = false

  @Option(help: "The folder for result.json; results/NAME-TIME if left out.")
  var out: String?

  func validate() throws {
    if let trials, !(1...10_000).contains(trials) {
      throw ValidationError("--trials takes a number from 1 to 10000")
    }
  }

  func run() async throws {
    var chosen = try ExperimentLibrary(folder: ProjectFolder.find("experiments")).experiment(experiment)
    if quick { chosen = chosen.quick }
    if let trials { chosen.trials = trials }
    let folder = try ResultFolder(out, experiment: chosen.name)
    let progress = ProgressLine()
    let measurements = try await Runner(chosen, executable: "/proc/self/exe").run(report: progress.show)
    progress.clear()
    let command = (["pushlab"] + CommandLine.arguments.dropFirst()).joined(separator: " ")
    let result = RunResult(chosen, command: command, trials: measurements)
    let file = try folder.write(result)
    print(TerminalReport(result).text)
    print("result: \(file)")
    if result.variants.contains(where: { !result.failures(of: $0).isEmpty }) { throw ExitCode(1) }
  }
}

/// Where a run's files go; made before the first trial, so that a folder that cannot be written costs no run.
private struct ResultFolder {
  let path: String

  init(_ chosen: String?, experiment: String) throws {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    path = chosen ?? "results/\(experiment)-\(formatter.string(from: Date()))"
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let probe = path + "/.probe"
      try Data().write(to: URL(fileURLWithPath: probe))
      try FileManager.default.removeItem(atPath: probe)
    } catch {
      throw ExperimentError("the folder '\(path)' cannot be written: choose another with --out")
    }
    guard !FileManager.default.fileExists(atPath: path + "/result.json") else {
      throw ExperimentError("'\(path)' holds a result already: choose another folder with --out")
    }
  }

  func write(_ result: RunResult) throws -> String {
    let file = path + "/result.json"
    try result.json.write(to: URL(fileURLWithPath: file), options: .atomic)
    return file
  }
}

/// One line on the terminal that says how far the run is; nothing where standard error is no terminal.
private struct ProgressLine {
  private let isTerminal = isatty(STDERR_FILENO) == 1

  func show(_ progress: Runner.Progress) {
    guard isTerminal else { return }
    let trial = progress.trial.map { "trial \($0 + 1) of \(progress.trials)" } ?? "warm-up"
    let seconds = max(1, Int(progress.timeLeft.components.seconds))
    write("\r\u{1B}[K\(trial) · \(progress.variant) · about \(seconds) s left")
  }

  func clear() {
    if isTerminal { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
