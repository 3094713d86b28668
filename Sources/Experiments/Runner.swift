import Answers
import Foundation
import LabClient
import Machine
import Measurement
import MonotonicTime
import OpenDescriptors
import Readings
import Results
import Wire

/// Takes an experiment's runs, trials and turns, one after the other.
public struct Runner: Sendable {
  public let experiment: Experiment
  private let executable: String
  private let keepsAwake: Bool
  private let browserCode: BrowserCode
  private let proxiesFolder: String
  private let server: ServerAddress?

  /// How far an experiment has come.
  public struct Progress: Sendable {
    /// Counted from 0.
    public var run: Int
    public var runs: Int
    /// Counted from 0; nil while warming up, waiting or measuring memory.
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
    /// Asked before each trial, between its turns and before each look at memory; what is measured stays, but for a
    /// trial that is not whole.
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
  ///   - keepsAwake: whether processors are kept from sleeping meanwhile.
  ///   - staticFolder: the browser demo's, whose lines are counted.
  ///   - server: one that runs elsewhere; nil starts one for each run.
  ///   - proxiesFolder: that of the proxies' configurations.
  public init(
    _ experiment: Experiment, at server: ServerAddress? = nil, executable: String, keepsAwake: Bool = true,
    staticFolder: String? = nil,
    proxiesFolder: String = "experiments/proxies"
  ) {
    self.proxiesFolder = proxiesFolder
    self.server = server
    browserCode = BrowserCode(folder: staticFolder)
    self.experiment = experiment
    self.executable = executable
    self.keepsAwake = keepsAwake
  }

  /// Writes what it measures into the folder as the trials finish.
  /// - Parameter command: what was typed, for the record.
  /// - Returns: what was measured; its `failure` says what ended it before its plan.
  /// - Throws: `ExperimentError` where it cannot begin.
  public func run(into folder: ResultFolder, command: String, hooks: Hooks = Hooks()) async throws
    -> RunResult
  {
    let arrivals = try folder.arrivals()
    Descriptors.raiseLimit(to: experiment.descriptorsNeeded)
    let processors = Processors()
    Processors.pin(ProcessInfo.processInfo.processIdentifier, to: processors.readers)
    let keepsAwake = keepsAwake && experiment.tokensPerSecond < Wakefulness.busyTokensPerSecond
    let wakefulness = Wakefulness(keepsAwake ? processors.allowed : [], executable: executable)
    defer { wakefulness.stop() }
    let machine = MachineState()
    var pace = Pace(experiment)
    let first = try await newLab(0, processors, pace, hooks)
    let environment = RunEnvironment(
      processors: processors, engine: await first.engine, isKeptAwake: wakefulness.isKept,
      executable: executable)
    var record = RunRecord(
      RunResult(experiment, at: server, command: command, environment: environment), folder, arrivals)
    do throws(ExperimentError) {
      for run in 0..<experiment.runs {
        if run > 0 {
          await pace.wait(forRun: run, hooks)
          if hooks.isInterrupted() { record.interrupt() }
        }
        guard !record.result.isInterrupted else { break }
        let lab = run == 0 ? first : try await newLab(run, processors, pace, hooks)
        do throws(ExperimentError) {
          try await take(run, into: &record, lab, &pace, hooks)
        } catch {
          await lab.end()
          throw error
        }
        await lab.end()
      }
    } catch {
      record.fail(error.description)
    }
    if !record.result.isInterrupted, record.result.failure == nil {
      await measureMemory(into: &record, hooks)
    }
    return record.finish(stealShare: MachineState().stealShare(since: machine))
  }

  /// Servers that nobody has used, with readers of their own.
  private func newLab(
    _ run: Int, _ processors: Processors, _ pace: Pace, _ hooks: Hooks
  ) async throws(ExperimentError) -> RunningLab {
    if !experiment.links.isEmpty {
      // That takes as long as a link is slow.
      hooks.progress(pace.progress(beforeRun: run, "measuring the link"))
    }
    do {
      return try await RunningLab(
        for: experiment, run: run, at: server, executable: executable, proxiesFolder: proxiesFolder,
        processors, browserCode)
    } catch {
      throw error as? ExperimentError ?? ExperimentError("\(error)")
    }
  }

  /// A run's trials, one after the other, until all are taken or somebody wishes the end.
  private func take(
    _ run: Int, into record: inout RunRecord, _ lab: RunningLab, _ pace: inout Pace, _ hooks: Hooks
  ) async throws(ExperimentError) {
    let trials = (0..<experiment.warmUps).map { experiment.trials + $0 } + Array(0..<experiment.trials)
    for trial in trials {
      guard !hooks.isInterrupted() else { return record.interrupt() }
      // A warm-up is run like the others, on schedules of its own, and thrown away.
      let isWarmUp = trial >= experiment.trials
      let place = TrialPlace(run: run, trial: trial)
      var taken: [Turn] = []
      let entries = experiment.order(place)
      for entry in entries {
        hooks.progress(pace.progress(place, isWarmUp: isWarmUp, entry.name))
        taken.append(await lab.meter(for: entry.condition).measure(entry, place, of: experiment))
        pace.turnsTaken += 1
        guard taken.count == entries.count || !hooks.isInterrupted() else { return record.interrupt() }
      }
      if !isWarmUp { try record.keep(taken) }
    }
  }

  /// Each variant some times, in an order drawn anew each time; conditions differ in what is sent, not in what waits.
  private func measureMemory(into record: inout RunRecord, _ hooks: Hooks) async {
    guard let connections = experiment.memoryConnections else { return }
    var generator = SeededGenerator(seed: experiment.seed)
    let reader = Reader()
    var failed: Set<String> = []
    for repetition in 0..<MemoryMeasurement.repetitions {
      for variant in experiment.variants.shuffled(using: &generator) where !failed.contains(variant.name) {
        guard !hooks.isInterrupted() else {
          record.interrupt()
          break
        }
        let left = (MemoryMeasurement.repetitions - repetition) * experiment.variants.count
        hooks.progress(
          Progress(
            run: experiment.runs - 1, runs: experiment.runs, trial: nil, trials: experiment.trials,
            entry: "memory, \(variant.name)", timeLeft: .seconds(2) * left))
        do {
          let held = try await HeldReaders.measure(
            variant, connections, executable: executable, arguments: experiment.serverArguments, reader)
          record.add(held, of: variant)
        } catch {
          record.fail("memory of \(variant.name) was not measured: \(error)")
          failed.insert(variant.name)
        }
      }
    }
    await reader.shutDown()
  }
}
