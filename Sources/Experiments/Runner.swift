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

  /// Writes what it measures into the folder as the trials finish.
  /// - Parameter command: what was typed, for the record.
  /// - Returns: what was measured; its `failure` says what ended the run before its plan.
  /// - Throws: `ExperimentError` where the run cannot begin.
  public func run(into folder: ResultFolder, command: String, hooks: Hooks = Hooks()) async throws
    -> RunResult
  {
    let arrivals = try folder.arrivals()
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
    let environment = RunEnvironment(
      processors: processors, engine: await engine(server, reader), isKeptAwake: wakefulness.isKept)
    let result = RunResult(experiment, command: command, environment: environment)
    var record = RunRecord(result, experiment, folder, arrivals)
    do throws(ExperimentError) {
      try await take(into: &record, meter, hooks)
    } catch {
      record.fail(error.description)
    }
    meter.lag.stop()
    if !record.result.isInterrupted, record.result.failure == nil, experiment.warmUps > 0 {
      await measureMemory(into: &record, reader, hooks)
    }
    await reader.shutDown()
    return record.finish()
  }

  /// The trials, one after the other, until all are taken or somebody wishes the end.
  private func take(
    into record: inout RunRecord, _ meter: TurnMeter, _ hooks: Hooks
  ) async throws(ExperimentError) {
    let begun = Instant.now
    let trials = (0..<experiment.warmUps).map { experiment.trials + $0 } + Array(0..<experiment.trials)
    let turns = trials.count * experiment.entries.count
    var turnsTaken = 0
    for trial in trials {
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
        guard !hooks.isInterrupted() else { return record.interrupt() }
      }
      if !isWarmUp { try record.keep(taken) }
    }
  }

  /// Each variant once; conditions differ in what is sent, not in what waits.
  private func measureMemory(into record: inout RunRecord, _ reader: Reader, _ hooks: Hooks) async {
    for variant in experiment.variants {
      guard !hooks.isInterrupted() else { return record.interrupt() }
      hooks.progress(
        Progress(
          trial: nil, trials: experiment.trials, entry: "memory, \(variant.name)", timeLeft: .seconds(3)))
      do {
        record.add(
          try await MemoryMeasurement.measure(variant, executable: executable, reader), of: variant)
      } catch {
        record.fail("memory of \(variant.name) was not measured: \(error)")
      }
    }
  }

  private func engine(_ server: ServerProcess, _ reader: Reader) async -> String {
    let text = (try? await reader.get("/metrics", from: server.address)) ?? ""
    return text.firstMatch(of: /engine="([^"]*)"/).map { String($0.1) } ?? "unknown"
  }
}
