import Answers
import MonotonicTime

/// How long a reader waits before it comes back: exponential back-off with full jitter, so that readers who
/// lost their server together do not come back together.
public struct Backoff: Hashable, Sendable {
  /// The bound of the first wait.
  public var base: Duration
  /// What the bound grows by from one failed attempt to the next; at least 1.
  public var factor: Double
  /// The bound grows no further than this.
  public var ceiling: Duration

  public init(
    base: Duration = .milliseconds(250), factor: Double = 2, ceiling: Duration = .seconds(8)
  ) {
    self.base = base
    self.factor = factor
    self.ceiling = ceiling
  }

  /// The longest that this attempt may wait.
  /// - Parameter attempt: how many failed before it since a token came.
  public func bound(attempt: Int) -> Duration {
    var bound = base
    // Stopping at the ceiling keeps the product far from where a duration overflows.
    for _ in 0..<attempt where bound < ceiling { bound = bound * factor }
    return min(bound, ceiling)
  }

  /// A wait drawn evenly from zero to the attempt's bound, on top of what the server asked for: never earlier
  /// than `Retry-After` says (RFC 9110, section 10.2.3).
  public func delay(
    attempt: Int, retryAfter: Duration? = nil, using generator: inout SeededGenerator
  ) -> Duration {
    let share = Double.random(in: 0..<1, using: &generator)
    return (retryAfter ?? .zero) + bound(attempt: attempt) * share
  }
}
