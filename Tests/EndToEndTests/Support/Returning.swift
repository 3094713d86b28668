import Answers
import LabClient
import Measurement
import Readings
import Wire

/// Readers that come back fast, so that tests of many losses take seconds.
extension Recovery {
  /// - Parameter silence: what a stalled connection costs. On a busy machine a living one may be as silent for a
  ///   moment; its reader then comes back once more than it had to.
  static func swift(silence: Duration = .milliseconds(250)) -> Recovery {
    .resume(
      Resumption(
        backoff: Backoff(base: .milliseconds(5), ceiling: .milliseconds(50)), silence: silence,
        longestReconnectionTime: .milliseconds(20)))
  }
}

extension ReadingPlan {
  /// Reads through this port, and comes back.
  static func returning(
    _ variant: Variant, _ expected: ExpectedTokens, port: Int, seed: UInt64,
    recovery: Recovery = .swift()
  ) -> ReadingPlan {
    var plan = ReadingPlan(
      server: ServerAddress(host: "127.0.0.1", port: port), variant: variant, expected: expected)
    plan.variant.pollInterval = .milliseconds(20)
    plan.variant.wait = .milliseconds(100)
    plan.recovery = recovery
    plan.seed = seed
    // Nothing waits for this bound; it ends a test on a machine that hardly gets to run.
    plan.patience = .seconds(120)
    return plan
  }
}
