import MonotonicTime

/// How tokens are gathered before readers see them: until so many wait, or the first of them has waited for so long, or the
/// answer ends.
public struct Batching: Hashable, Sendable {
  /// At least 1.
  public var tokens: Int
  /// More than zero.
  public var time: Duration

  public init(tokens: Int = .max, time: Duration = .seconds(3_600)) {
    self.tokens = tokens
    self.time = time
  }
}
