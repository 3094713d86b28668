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

  /// Asks once for each reader to make the connections, and then as often as is planned. Where every one of the first
  /// answers failed, nothing more is asked, and they are the result.
  /// - Parameters:
  ///   - command: what was typed, for the record.
  ///   - progress: told after each answer that counts how many there are.
  ///   - isInterrupted: asked before each request; what was measured stays.
  public func run(
    command: String, progress: @escaping @Sendable (Int) -> Void = { _ in },
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) async -> ModelBenchResult {
    let environment = RunEnvironment(processors: Processors(), engine: interface.place, isKeptAwake: false)
    let first = await answers(min(plan.requests, plan.concurrency), isInterrupted: isInterrupted)
    let machine = MachineState()
    let process = ProcessInfo.processInfo.processIdentifier
    let before = ProcessUsage(of: process)
    let start = Instant.now
    let isHopeless = first.allSatisfy { $0.failure != nil }
    let answers =
      isHopeless ? first : await answers(plan.requests, progress: progress, isInterrupted: isInterrupted)
    var result = ModelBenchResult(
      plan: plan, server: interface.place, command: command, environment: environment,
      seconds: start.duration(to: .now).inSeconds, answers: answers)
    result.doubts = MachineState().doubts(since: machine)
    if let before, let after = ProcessUsage(of: process) { result.doubt(process: before, after) }
    return result
  }

  /// - Returns: in the order in which they were asked for.
  private func answers(
    _ count: Int, progress: @escaping @Sendable (Int) -> Void = { _ in },
    isInterrupted: @escaping @Sendable () -> Bool
  ) async -> [MeasuredAnswer] {
    let start = Instant.now
    return await withTaskGroup(of: MeasuredAnswer.self) { group in
      var answers: [MeasuredAnswer] = []
      var asked = 0
      func ask() {
        guard asked < count, !isInterrupted() else { return }
        asked += 1
        group.addTask { await answer(since: start) }
      }
      for _ in 0..<plan.concurrency { ask() }
      for await answered in group {
        answers.append(answered)
        progress(answers.count)
        ask()
      }
      return answers.sorted { ($0.sentMilliseconds ?? .infinity) < ($1.sentMilliseconds ?? .infinity) }
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
