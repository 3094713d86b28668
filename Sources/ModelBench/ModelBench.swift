import Foundation
import Machine
import Measurement
import MonotonicTime
import NIOConcurrencyHelpers
import Upstream

/// Measures a model's server from outside, as its readers meet it.
public struct ModelBench: Sendable {
  private let plan: ModelBenchPlan
  private let body: [UInt8]
  private let interface: ModelInterface

  /// - Returns: nil where the plan's further fields are no JSON object.
  public init?(_ plan: ModelBenchPlan, of interface: ModelInterface) {
    guard let body = plan.body else { return nil }
    self.plan = plan
    self.body = body
    self.interface = interface
  }

  /// Asks once for each reader to make the connections, and then as often as is planned.
  /// - Parameters:
  ///   - command: what was typed, for the record.
  ///   - progress: told after each answer how many there are.
  ///   - isInterrupted: asked before each request; what was measured stays.
  public func run(
    command: String, progress: @escaping @Sendable (Int) -> Void = { _ in },
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) async -> ModelBenchResult {
    let environment = RunEnvironment(processors: Processors(), engine: interface.place, isKeptAwake: false)
    _ = await answers(plan.concurrency, progress: { _ in }, isInterrupted: isInterrupted)
    let machine = MachineState()
    let process = ProcessInfo.processInfo.processIdentifier
    let before = ProcessUsage(of: process)
    let start = Instant.now
    let answers = await answers(plan.requests, progress: progress, isInterrupted: isInterrupted)
    let seconds = start.duration(to: .now).inSeconds
    let after = ProcessUsage(of: process)
    var result = ModelBenchResult(
      plan: plan, server: interface.place, command: command, environment: environment, seconds: seconds,
      answers: answers)
    result.doubts = MachineState().doubts(since: machine)
    if let before, let after { result.doubt(process: before, after) }
    return result
  }

  /// - Returns: in the order in which they were asked for.
  private func answers(
    _ count: Int, progress: @escaping @Sendable (Int) -> Void, isInterrupted: @escaping @Sendable () -> Bool
  ) async -> [MeasuredAnswer] {
    let start = Instant.now
    return await withTaskGroup(of: MeasuredAnswer.self) { group in
      var answers: [MeasuredAnswer] = []
      for _ in 0..<min(count, plan.concurrency) { group.addTask { await answer(since: start) } }
      var asked = min(count, plan.concurrency)
      for await answered in group {
        answers.append(answered)
        progress(answers.count)
        guard asked < count, !isInterrupted() else { continue }
        asked += 1
        group.addTask { await answer(since: start) }
      }
      return answers.sorted { $0.sentMilliseconds < $1.sentMilliseconds }
    }
  }

  private func answer(since start: Instant) async -> MeasuredAnswer {
    await withCheckedContinuation { continuation in
      let progress = NIOLockedValueBox(AnswerInProgress(since: start))
      interface.ask(body) { part in
        if let answer = progress.withLockedValue({ $0.take(part) }) { continuation.resume(returning: answer) }
      }
    }
  }
}
