import MonotonicTime

/// A time without a connection: from a loss to the first token after it, however many attempts that took.
public struct Outage: Hashable, Sendable {
  /// What was lost first, in words.
  public var cause: String
  /// When the reader noticed.
  public var noticed: Instant
  /// When the last token before it came; nil where none had come.
  public var lastBefore: Instant?
  /// When the first token came that the reader still lacked; nil where it never did.
  public var firstAfter: Instant?
  /// Attempts to come back, those that led to no connection included.
  public var attempts = 0
  /// Requests from the loss on, the one that brought the token included.
  public var requests = 0
  /// Connections made meanwhile.
  public var connections = 0

  public init(cause: String, noticed: Instant, lastBefore: Instant?) {
    self.cause = cause
    self.noticed = noticed
    self.lastBefore = lastBefore
  }

  /// How long the reader's text stood still; nil unless a token came before and after.
  public var length: Duration? {
    guard let lastBefore, let firstAfter else { return nil }
    return lastBefore.duration(to: firstAfter)
  }
}
