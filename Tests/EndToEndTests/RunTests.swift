import Experiments
import Foundation
import Measurement
import Testing

@testable import Results

/// Whole runs of the command: what they leave behind, and what two of them say of each other.
@Suite(.serialized) struct RunTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  private func file(_ text: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("short.yml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  private func out(_ name: String) -> URL { folder.appendingPathComponent(name, isDirectory: true) }

  @Test func `an interrupted run keeps its whole trials and says so`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = CommandTests.experiment.replacing("trials: 2", with: "trials: 10000")
    let command = try Command(Command.pushlab, ["run", try file(text), "--out", out("a").path])
    // The first rows of arrivals tell that a trial is whole.
    let arrivals = out("a").appendingPathComponent("arrivals.csv")
    while (try? String(contentsOf: arrivals, encoding: .utf8).split(separator: "\n").count) ?? 0 < 2 {
      try #require(command.isRunning)
      sched_yield()
    }
    command.signal(SIGINT)
    let outcome = await command.outcome()
    #expect(outcome.status == 130)
    #expect(outcome.output.contains("it was interrupted when"))
    let result = try RunResult.read(out("a").appendingPathComponent("result.json"))
    #expect(result.isInterrupted)
    #expect(result.trials.count >= 4)
    #expect(result.trials.count.isMultiple(of: 4))
  }

  @Test func `several runs have servers of their own, and intervals over them`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let arguments = ["--runs", "6", "--trials", "1", "--every", "0.1", "--out", out("a").path]
    let run = try await Command.run(
      Command.pushlab, ["run", try file(CommandTests.experiment + "\nmemory: 20")] + arguments)
    #expect(run.status == 0, "\(run.errors)")
    let result = try RunResult.read(out("a").appendingPathComponent("result.json"))
    #expect(result.trials.map(\.run) == (0..<6).flatMap { Array(repeating: $0, count: 4) })
    let estimate = try #require(result.estimate(.bytesDown, of: "websocket"))
    #expect(estimate.basis == .runs && estimate.interval != nil)
    #expect(run.output.contains("Medians of 6 runs of 1 trial"))
    for variant in ["short-polling", "long-polling", "server-sent-events", "websocket"] {
      #expect(result.memory[variant]?.residentBytes.count == 6 && result.memory[variant]?.connections == 20)
    }
    let arrivals = try String(contentsOf: out("a").appendingPathComponent("arrivals.csv"), encoding: .utf8)
    #expect(Set(arrivals.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[1] }).count == 6)
  }

  @Test func `every format can be had of a run, and arrivals hold every token`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try await Command.run(
      Command.pushlab, ["run", try file(CommandTests.experiment), "--out", out("a").path])
    #expect(run.status == 0)
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 100 || $0.contains(folder.path) })
    let arrivals = try String(contentsOf: out("a").appendingPathComponent("arrivals.csv"), encoding: .utf8)
    // Four transports, two trials, two readers, ten tokens.
    let tokens = 4 * 2 * 2 * 10
    #expect(arrivals.split(separator: "\n").dropFirst().count == tokens)
    for (format, word) in [
      ("terminal", "A short one"), ("markdown", "| websocket |"), ("csv", "websocket,delay_p50_ms,"),
      ("json", "\"delay_p50_ms\""), ("html", "<!doctype html>"),
    ] {
      let report = try await Command.run(Command.pushlab, ["report", out("a").path, "--format", format])
      #expect(report.status == 0)
      #expect(report.output.contains(word))
    }
    let compare = try await Command.run(Command.pushlab, ["compare", out("a").path, out("a").path])
    #expect(compare.output.contains("bytes down, bytes up: the medians agree within 1 %"))
  }

  private func result(_ text: String, _ arguments: [String] = []) async throws -> RunResult {
    let outcome = try await Command.run(
      Command.pushlab, ["run", try file(text), "--out", out("a").path, "--let-sleep"] + arguments)
    try #require(outcome.status == 0, Comment(rawValue: outcome.errors))
    return try RunResult.read(out("a").appendingPathComponent("result.json"))
  }

  @Test func `readers whose connections break lose nothing with resume, and the rest without`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = """
      title: T
      question: Q
      prediction: P
      stream: {prompt: x, tokens: 40, rate: 100, think: 0}
      conditions: [{name: cut, fault: cut-in-token}, {name: killed, fault: restart}]
      readers: 3
      transports:
        - {transport: websocket, name: resume, recover: resume}
        - {transport: websocket, name: naive, recover: naive}
      metrics: [outages_per_stream, outage_p50_ms, recovery_requests, browser_lines]
      trials: 1
      """
    for trial in try await result(text).trials {
      let isWhole = trial.entry.hasPrefix("resume")
      #expect(trial.ledger.isClean == isWhole, "\(trial.entry)")
      #expect(try #require(trial.values[.outages]) >= 1, "\(trial.entry)")
      #expect((trial.values[.recoveryRequests] ?? 0 > 0) == isWhole, "\(trial.entry)")
      #expect(try #require(trial.values[.browserLines]) > 0)
    }
  }

  @Test func `readers that stop are told from those that leave, and stalled ones are let go`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = """
      title: T
      question: Q
      prediction: P
      stream: {prompt: x, tokens: 2000, rate: 50, think: 0, stop: 5}
      conditions: [{name: alone}, {name: crowded, stalled: 3}]
      readers: 2
      serve: {stall-time: 1}
      transports:
        - {transport: websocket, name: message}
        - {transport: server-sent-events, name: closed}
        - {transport: long-polling, name: deleted}
      metrics: [stop_p50_ms, tokens_after_stop, stalled_let_go_s, server_resident_growth_mb]
      trials: 1
      """
    for trial in try await result(text).trials {
      #expect(try #require(trial.values[.stopMedian]) > 0, "\(trial.entry)")
      #expect(trial.values[.tokensAfterStop] != nil, "\(trial.entry)")
      #expect(
        (trial.values[.stalledUntilDropped] != nil) == trial.entry.hasSuffix("crowded"), "\(trial.entry)")
    }
  }

  /// Of a thing compared with itself a difference is shown at most once in twenty times. Four comparisons show
  /// three or more less than once in two thousand runs of this test, even at that rate.
  @Test func `the same twice is the same`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var shown: [String] = []
    let path = out("same").path
    let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    let experiment = project.appendingPathComponent("experiments/00-same-twice/experiment.yml")
    // Answers of the experiment's own length are for measuring.
    let text = try String(contentsOf: experiment, encoding: .utf8)
    let shorter = text.replacing("tokens: 200", with: "tokens: 40")
    try #require(shorter != text)
    let arguments = ["run", try file(shorter), "--out", path]
    let outcome = try await Command.run(Command.pushlab, arguments)
    #expect(outcome.status == 0)
    let result = try RunResult.read(URL(fileURLWithPath: path + "/result.json"))
    for entry in result.plan.entries where entry.name != entry.baseline {
      let metrics = result.plan.metrics
      let differences = metrics.compactMap { result.difference($0, of: entry, comparisons: metrics.count) }
      // A loaded machine may leave a percentile without the samples it takes.
      #expect(differences.count >= metrics.count - 2)
      if differences.contains(where: { $0.verdict == .shown }) { shown.append(entry.name) }
    }
    #expect(shown.count <= 2)
  }
}
