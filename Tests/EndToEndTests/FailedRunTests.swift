import Experiments
import Foundation
import Measurement
import PlainText
import Testing

@testable import Results

/// Runs that cannot do all they were to: they say so, and keep what they measured.
@Suite(.serialized) final class FailedRunTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("failed-\(UUID())")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  private func file(_ text: String) throws -> String {
    let file = folder.appendingPathComponent("short.yml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  private var out: URL { folder.appendingPathComponent("out") }
  private var result: RunResult {
    get throws { try RunResult.read(out.appendingPathComponent("result.json")) }
  }

  /// Under a limit or a setting of the shell's.
  private func run(_ text: String, after setting: String, _ arguments: [String] = []) async throws
    -> Command.Outcome
  {
    try await Command.run(
      "sh",
      ["-c", "\(setting); exec \"$@\"", "sh", Command.pushlab, "run", try file(text), "--out", out.path]
        + arguments)
  }

  private func experiment(_ stream: String, readers: Int = 2, more: String = "") -> String {
    """
    title: T
    question: Q
    prediction: P
    stream: {prompt: x, tokens: 10, rate: 100, think: 0.01\(stream)}
    readers: \(readers)
    transports:
      - {transport: websocket}
      - {transport: server-sent-events}
    metrics: [delay_p50_ms]
    trials: 1
    \(more)
    """
  }

  /// A trial of an entry that failed because of this: no numbers, and not all of nothing.
  private func expectFailed(_ outcome: Command.Outcome, _ reason: String, lost: Int) throws {
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("\(lost.grouped) lost"))
    #expect(!outcome.output.contains("0 of 0"))
    let result = try result
    #expect(result.trials.count == 2)
    for trial in result.trials {
      let failure = try #require(trial.failures.first)
      #expect(failure.contains(reason), "\(failure)")
      #expect(trial.values.isEmpty)
      #expect(trial.ledger.lost == lost && trial.ledger.delivered == 0)
    }
    #expect(outcome.output.split(separator: "\n").contains { $0.hasPrefix("websocket: the ") })
  }

  @Test(arguments: [12, 60, 127])
  func `too few open files are refused before anything starts`(_ count: Int) async throws {
    let outcome = try await run(experiment(""), after: "ulimit -n \(count)")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("a limit of \(count) open files is too low to read streams"))
    #expect(!FileManager.default.fileExists(atPath: out.path))
  }

  @Test func `a server that few connections have room at says so`() async throws {
    let command = "ulimit -n 110; exec \"$@\" < /dev/null"
    let outcome = try await Command.run(
      "sh", ["-c", command, "sh", Command.pushlab, "serve", "--port", "0", "--stop-at-end-of-input"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("the limit on open files leaves room for only 14 connections"))
  }

  @Test func `more links than descriptors are a failed trial`() async throws {
    let outcome = try await run(
      experiment(", fault: reset", readers: 200), after: "ulimit -n 300", ["--trials", "1"])
    try expectFailed(outcome, "the links of 200 readers could not be made: Too many open files", lost: 2_000)
    #expect(outcome.output.contains("ulimit -n 20000"))
  }

  @Test func `a stalled crowd that finds no place is a failed trial`() async throws {
    let outcome = try await run(experiment(", stalled: 400"), after: "ulimit -n 300")
    try expectFailed(outcome, "the 400 stalled readers could not be set up: ", lost: 20)
  }

  @Test func `memory that cannot be measured is told, and takes nothing of what was`() async throws {
    let outcome = try await run(experiment("", more: "memory: 400"), after: "ulimit -n 300")
    #expect(outcome.status == 1)
    let result = try result
    #expect(result.memory.isEmpty)
    #expect(
      result.failure?.contains("memory of websocket was not measured: one of 400 idle readers ") == true)
    #expect(result.failure?.contains("Too many open files; 'ulimit -n 20000' allows more") == true)
    #expect(result.failure?.contains("memory of server-sent-events was not measured") == true)
    #expect(result.trials.count == 2 && result.trials.allSatisfy { $0.ledger.delivered == 20 })
    #expect(outcome.output.replacing("\n  ", with: " ").contains("memory of websocket was not measured"))
  }

  /// A limit on a file's size stands for a disk that is full.
  @Test func `a disk that takes no more ends the run with what was measured`() async throws {
    let text = experiment("", readers: 30).replacing("rate: 100", with: "rate: 1000")
      .replacing("  - {transport: server-sent-events}\n", with: "")
    let outcome = try await run(text, after: "trap '' XFSZ; ulimit -f 128", ["--trials", "200"])
    #expect(outcome.status == 1)
    let result = try result
    #expect(!result.trials.isEmpty && result.trials.count < 100)
    #expect(result.failure?.contains("cannot be written any more") == true)
    #expect(outcome.output.contains("cannot be written any more"))
    #expect(outcome.output.contains("of 200 planned"))
    let report = try await Command.run(Command.pushlab, ["report", out.path])
    #expect(report.status == 0)
    #expect(report.output.contains("cannot be written any more"))
  }

  @Test func `a run that is killed leaves the trials that were whole, in a result that says so`() async throws
  {
    let text = CommandTests.experiment.replacing("trials: 2", with: "trials: 10000")
    let command = try Command(Command.pushlab, ["run", try file(text), "--out", out.path])
    while (try? result)?.trials.count ?? 0 < 8 {
      try #require(command.isRunning)
      sched_yield()
    }
    command.signal(SIGKILL)
    #expect(await command.outcome().status == -SIGKILL)
    let result = try result
    #expect(result.trials.count >= 8 && result.trials.count.isMultiple(of: 4))
    #expect(result.failure == RunResult.unfinished)
    for format in ["terminal", "markdown", "csv", "json", "html"] {
      let report = try await Command.run(Command.pushlab, ["report", out.path, "--format", format])
      #expect(report.status == 0)
      #expect(report.output.replacing("\n  ", with: " ").contains("had not ended"), "\(format)")
    }
  }

  @Test func `a run that was started with its children's ends ignored ends`() async throws {
    let outcome = try await run(experiment(""), after: "trap '' CHLD", ["--quick"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try result.trials.count == 2)
  }

  @Test func `two runs that begin at once keep two folders`() async throws {
    let path = try file(experiment(""))
    let runs = try (0..<2).map { _ in
      try Command(Command.pushlab, ["run", path, "--quick"], folder: folder)
    }
    for run in runs { #expect(await run.outcome().status == 0) }
    let results = folder.appendingPathComponent("results")
    let names = try FileManager.default.contentsOfDirectory(atPath: results.path)
    #expect(names.count == 2)
    for name in names {
      #expect(try RunResult.read(results.appendingPathComponent("\(name)/result.json")).trials.count == 2)
    }
  }

  @Test(arguments: [
    ("max-streems: 50", "'serve': Unknown option 'max-streems'"),
    ("port: 80", "'serve': Unknown option 'port'"),
    ("help: 1", "'serve' takes no 'help'"),
    ("max-fields: 1001", "max-fields takes a whole number from 1 to 1000"),
    ("max-lag: -5", "max-lag takes a whole number from 1 to 1000000000"),
    ("stall-time: 0.01", "stall-time takes seconds from 0.1 to 86400"),
    ("retention: 1e9", "retention takes seconds from 0.1 to 86400"),
    ("max-streams: 1.5", "The value '1.5' is invalid for 'max-streams"),
  ])
  func `what the server would refuse is told with its line before anything starts`(
    _ limit: String, _ text: String
  ) async throws {
    let path = try file(experiment("", more: "serve:\n  \(limit)"))
    let outcome = try await Command.run(Command.pushlab, ["run", path, "--out", out.path])
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("pushlab: \(path):12: "))
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(!FileManager.default.fileExists(atPath: out.appendingPathComponent("arrivals.csv").path))
    // It stands in the file, so it is told wherever the results were to go.
    let nowhere = try await Command.run(Command.pushlab, ["run", path, "--out", "/proc/nowhere"])
    #expect(nowhere.errors == outcome.errors)
  }
}
