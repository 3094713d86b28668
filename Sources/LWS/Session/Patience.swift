import MonotonicTime

/// How long a reader is waited for that takes nothing of what it is sent.
///
/// The kernel says that a socket can take more only once half of what waits in it has left, so a slow reader is known by
/// what it acknowledges. It is looked at four times within the limit: who takes nothing is given up after one to one and a
/// quarter times the limit.
struct Patience {
  /// How far a socket's bytes have come.
  struct SendProgress {
    /// How many bytes the reader has acknowledged, of all that the socket was given.
    var acknowledged: UInt64
    /// Nothing is left that the reader has not taken.
    var isAllTaken: Bool
  }

  enum Step: Equatable {
    /// To the next look.
    case wait
    /// The same, and from now on in the place of the kernel, whose own limit counts for as long as the reader's window
    /// does not hold a whole segment, also while bytes are acknowledged.
    case takeOver
    case tookAll
    case giveUp
  }

  private let limit: Duration
  /// When it was last seen to have taken something.
  private var lastProgress: Instant
  /// How many bytes it had acknowledged then; nil before the first look.
  private var acknowledged: UInt64?
  /// When to call `look`.
  private(set) var nextLook: Instant

  /// - Parameter limit: how long a reader may take nothing.
  init(limit: Duration, now: Instant) {
    self.limit = limit
    lastProgress = now
    nextLook = now.advanced(by: limit / 4)
  }

  /// Whether it was looked at yet: before, a reader that takes something is not waited for any more.
  var hasLooked: Bool { acknowledged != nil }

  /// The socket takes bytes again, so the reader has.
  mutating func sawProgress(at now: Instant) {
    lastProgress = now
  }

  mutating func look(at now: Instant, _ progress: SendProgress) -> Step {
    nextLook = now.advanced(by: limit / 4)
    if progress.acknowledged != acknowledged {
      defer { acknowledged = progress.acknowledged }
      lastProgress = now
      return hasLooked ? .wait : .takeOver
    }
    if progress.isAllTaken { return .tookAll }
    return lastProgress.duration(to: now) >= limit ? .giveUp : .wait
  }
}
