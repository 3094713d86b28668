import LabClient
import Machine
import MonotonicTime
import Readings
import Results

/// What a turn's readers do, and what the server says of itself.
extension TurnMeter {
  /// All readers, their streams' phases spread over one gap, so that they tick one after the other as real
  /// users' streams would. Every other one asks on a warm connection.
  /// - Returns: what they saw, and what kept the server from coming back where it was to.
  func read(
    _ entry: Experiment.Entry, _ place: TrialPlace, _ questions: [ExpectedTokens],
    _ disturbed: Disturbed, isWarmThroughout: Bool
  ) async -> ([Reading], failure: String?) {
    var shared: ConnectionForSeveral?
    let phase = Duration.seconds(1 / entry.condition.pacing.rate) / questions.count
    let (readings, failure) = await withTaskGroup(of: (Int, Reading).self) { group in
      for (number, expected) in questions.enumerated() {
        var plan = ReadingPlan(
          server: disturbed.address(ofReader: number) ?? edges.address(for: entry),
          variant: entry.variant,
          expected: expected)
        // Who lost the rest and does not know it waits no longer than it takes to see that nothing comes.
        if entry.variant.recovery == .naive { plan.patience = .seconds(3) }
        plan.stopAfter = entry.condition.stopAfter
        plan.seed = expected.question.seed
        plan.isWarm = isWarmThroughout || !(number + place.trial).isMultiple(of: 2)
        if entry.variant.readersPerConnection > 1 {
          if number.isMultiple(of: entry.variant.readersPerConnection) {
            shared = reader.connectionForSeveral()
          }
          plan.connection = shared
        }
        group.addTask { [plan, reader] in
          try? await Task.sleep(for: phase * number)
          return (number, await reader.read(plan))
        }
      }
      var failure: String?
      do {
        try await disturbed.act(on: server, processors: processors)
      } catch {
        failure = "\(error)"
      }
      return (await group.reduce(into: [(Int, Reading)]()) { $0.append($1) }, failure)
    }
    await disturbed.end()
    return (readings.sorted { $0.0 < $1.0 }.map(\.1), failure)
  }

  /// What the server itself says of its punctuality.
  func scheduleLateness() async -> (seconds: Double, tokens: Double)? {
    guard let text = try? await reader.get("/metrics", from: server.address) else { return nil }
    guard let seconds = metric("pushlab_schedule_lateness_seconds_total", in: text),
      let tokens = metric("pushlab_tokens_generated_total", in: text)
    else { return nil }
    return (seconds, tokens)
  }
}
