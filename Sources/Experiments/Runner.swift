import Foundation
import LabClient
import Measurement
import MonotonicTime
import TokenStream

/// Runs an experiment's trials, one entry at a time, against a server in a process of its own.
public struct Runner: Sendable {
  public let experiment: Experiment
  private let executable: String
  private let keepsAwake: Bool
  private let browserCode: BrowserCode

  /// How far a run has come.
  public struct Progress: Sendable {
    /// Counted from 0; nil while warming up or measuring memory.
    public var trial: Int?
    public var trials: Int
    public var entry: String
    /// What the rest is expected to take, from what the schedule says and what was seen so far.
    public var timeLeft: Duration
  }

  /// What a run is told by whoever started it.
  public struct Hooks: Sendable {
    /// Called before each entry's turn.
    public var progress: @Sendable (Progress) -> Void
    /// Asked after each turn; what is measured stays, but for a trial that is not whole.
    public var isInterrupted: @Sendable () -> Bool

    public init(
      progress: @escaping @Sendable (Progress) -> Void = { _ in },
      isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) {
      self.progress = progress
      self.isInterrupted = isInterrupted
    }
  }

  /// - Parameters:
  ///   - executable: the `pushlab` command that serves.
  ///   - keepsAwake: whether processors are kept from sleeping while the run lasts.
  ///   - staticFolder: the browser demo's, whose lines are counted.
  public init(
    _ experiment: Experiment, executable: String, keepsAwake: Bool = true, staticFolder: String? = nil
  ) {
    browserCode = BrowserCode(folder: staticFolder)
    self.experiment = experiment
    self.executable = executable
    self.keepsAwake = keepsAwake
  }

  /// - Parameters:
  ///   - arrivals: takes every token's arrival as the trials go.
  ///   - command: what was typed, for the record.
  /// - Throws: `ExperimentError` where the server does not start, and what `arrivals` throws.
  public func run(arrivals: ArrivalsFile, command: String, hooks: Hooks = Hooks()) async throws -> RunResult {
    let server = try ServerProcess(executable: executable, arguments: experiment.serverArguments)
    defer { server.stop() }
    let processors = Processors()
    Processors.pin(server.processIdentifier, to: processors.server)
    Processors.pin(ProcessInfo.processInfo.processIdentifier, to: processors.readers)
    let keepsAwake = keepsAwake && experiment.tokensPerSecond < Wakefulness.busyTokensPerSecond
    let wakefulness = Wakefulness(keepsAwake ? processors.allowed : [], executable: executable)
    defer { wakefulness.stop() }
    let reader = Reader()
    let meter = await TurnMeter(
      server: server, reader: reader, processors: processors, browserCode: browserCode)
    let engine = await self.engine(server, reader)
    var result = RunResult(
      experiment, command: command,
      environment: RunEnvironment(processors: processors, engine: engine, isKeptAwake: keepsAwake))

    var delays: [String: DelayDistribution] = [:]
    let begun = Instant.now
    let trials = (0..<experiment.warmUps).map { experiment.trials + $0 } + Array(0..<experiment.trials)
    let turns = trials.count * experiment.entries.count
    var turnsTaken = 0
    for trial in trials where !result.isInterrupted {
      // A warm-up is run like the others, on a schedule of its own, and thrown away.
      let isWarmUp = trial >= experiment.trials
      var taken: [Turn] = []
      for entry in experiment.order(trial: trial) {
        let expected = ExpectedTokens(experiment.question(trial: trial, entry.condition))
        let each = turnsTaken == 0 ? expected.length : begun.duration(to: .now) / turnsTaken
        hooks.progress(
          Progress(
            trial: isWarmUp ? nil : trial, trials: experiment.trials, entry: entry.name,
            timeLeft: each * (turns - turnsTaken)))
        taken.append(await meter.measure(entry, trial: trial, of: experiment, expected))
        turnsTaken += 1
        result.isInterrupted = hooks.isInterrupted()
        if result.isInterrupted { break }
      }
      if !isWarmUp, !result.isInterrupted { try keep(taken, in: &result, &delays, arrivals) }
    }
    meter.lag.stop()
    result.distributions = delays.mapValues(\.points)
    if !result.isInterrupted, experiment.warmUps > 0 {
      result.memory = try await memory(reader, hooks)
    }
    await reader.shutDown()
    return result
  }

  private func keep(
    _ turns: [Turn], in result: inout RunResult, _ delays: inout [String: DelayDistribution],
    _ arrivals: ArrivalsFile
  ) throws {
    for turn in turns {
      let trial = turn.measurement.trial
      guard let entry = experiment.entries.first(where: { $0.name == turn.measurement.entry }) else {
        continue
      }
      let offsets = experiment.question(trial: trial, entry.condition).offsets
      try arrivals.write(turn.readings, entry: entry.name, trial: trial, offsets: offsets)
      for delay in turn.readings.lazy.flatMap({ $0.delays(offsets) }) {
        delays[entry.name, default: DelayDistribution()].record(delay)
      }
      result.add(turn.measurement, readings: turn.readings, offsets: offsets)
    }
  }

  /// Each variant once; conditions differ in what is sent, not in what waits.
  private func memory(_ reader: Reader, _ hooks: Hooks) async throws -> [String: MemoryMeasurement] {
    var memory: [String: MemoryMeasurement] = [:]
    for variant in experiment.variants {
      hooks.progress(
        Progress(
          trial: nil, trials: experiment.trials, entry: "memory, \(variant.name)", timeLeft: .seconds(3)))
      memory[variant.name] = try await MemoryMeasurement.measure(variant, executable: executable, reader)
    }
    return memory
  }

  private func engine(_ server: ServerProcess, _ reader: Reader) async -> String {
    let text = (try? await reader.get("/metrics", from: server.address)) ?? ""
    return text.firstMatch(of: /engine="([^"]*)"/).map { String($0.1) } ?? "unknown"
  }
}
