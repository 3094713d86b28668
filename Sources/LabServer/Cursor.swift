import Answers
import LWS
import Prefetching
import TokenStream

/// A reader's place in a log: the index it needs next, and nothing else. While it lives, the log wakes its
/// session.
final class Cursor: LogReader {
  let source: FramedLog
  var next: Int
  // `unsafe` spares a count for each token: the session owns the responder that owns this cursor, so it outlives it.
  private unowned(unsafe) let session: any Wakeable
  private let lagLimit: Int
  private var hasCaughtUp = false
  var logPosition: Int?

  /// - Parameter lagLimit: how many tokens a reader may fall behind.
  init(_ source: FramedLog, from index: Int, lagLimit: Int, waking session: any Wakeable) {
    self.source = source
    next = index
    self.lagLimit = lagLimit
    self.session = session
    source.log.subscribe(self)
  }

  deinit {
    source.log.unsubscribe(self)
  }

  var nearby: Prefetch { Prefetch(self, session.nearby) }

  func logDidGrow() {
    session.wake()
  }

  var hasToken: Bool { next < source.count }
  var hasEnded: Bool { source.log.hasEnded && !hasToken }

  /// The index of the token to send now.
  func advance() -> Int {
    defer {
      next += 1
      if next == source.count { hasCaughtUp = true }
    }
    return next
  }

  /// What to send now: the next token, or where they are gathered all that wait, as far as one write may hold.
  func take(_ frames: TokenCache<Frame>, gathered: Bool, counting telemetry: TransportTelemetry) -> Frame {
    let waiting = source.count - next
    guard gathered, waiting > 1 else {
      telemetry.tokensDelivered += 1
      return frames[advance()]
    }
    let run = next..<(next + min(waiting, Self.longestRun))
    next = run.upperBound
    if next == source.count { hasCaughtUp = true }
    telemetry.tokensDelivered += run.count
    return frames.run(run, joined: Frame.init(joining:))
  }

  private static let longestRun = 256

  /// Whether a reader that had caught up fell behind by more than the limit. One that comes late to a stream has
  /// a lot to read and may take its time.
  var isTooFarBehind: Bool { hasCaughtUp && source.count - next > lagLimit }

  var lagText: String { "more than \(lagLimit) tokens behind: reconnect for the rest" }
}
