/// Why a stream has no more tokens.
public enum EndReason: String, Sendable, CaseIterable {
  /// Every token of the answer is in the log.
  case complete
  /// Somebody asked for the generation to stop.
  case stopped
}
