import MonotonicTime
import Wire

/// What a reader does when it loses its connection before the stream's end.
public enum Recovery: Hashable, Sendable {
  /// The first loss is the reading's failure: for measuring transports where nothing is to be lost.
  case none
  /// What a page does whose author wrote nothing for it. A poll's loop ends with the first request that fails,
  /// a closed WebSocket stays closed, and an event stream without ids comes back by itself and gets everything
  /// again from the start. That is no failure: the ledger shows what it comes to.
  case naive
  /// Comes back and goes on behind the last token.
  case resume(Resumption)
}

/// How a reader comes back.
public struct Resumption: Hashable, Sendable {
  /// What polls and WebSockets wait, and event streams on top of their reconnection time after an attempt that
  /// failed (WHATWG HTML, section 9.2.3, allows them to).
  public var backoff: Backoff
  /// A connection that brought no byte for so long while an answer is due is taken for dead; a long poll may
  /// be held by its `wait` in addition. Nil waits for ever.
  public var silence: Duration?
  /// The longest reconnection time that an event stream may set with `retry`.
  public var longestReconnectionTime: Duration

  /// An event stream's reconnection time where it says none: a few seconds, the standard proposes.
  public static let reconnectionTime = Duration.seconds(3)

  public init(
    backoff: Backoff = Backoff(), silence: Duration? = .seconds(45),
    longestReconnectionTime: Duration = .seconds(60)
  ) {
    self.backoff = backoff
    self.silence = silence
    self.longestReconnectionTime = longestReconnectionTime
  }
}
