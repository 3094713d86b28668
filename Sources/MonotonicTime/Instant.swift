import Glibc

/// A point on the machine's monotonic clock (`CLOCK_MONOTONIC`), in nanoseconds since boot.
///
/// Every process on one machine reads the same clock, so an instant the server states can be compared with
/// one a reader took. The standard library's clocks hide the raw count, which has to travel in JSON.
public struct Instant: InstantProtocol, Hashable, Sendable {
  /// Nanoseconds since the clock's own zero, which is the machine's start.
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Reads the clock.
  public static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  public func advanced(by duration: Duration) -> Instant {
    Instant(nanoseconds: nanoseconds + duration.inNanoseconds)
  }

  public func duration(to other: Instant) -> Duration {
    .nanoseconds(other.nanoseconds - nanoseconds)
  }

  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

extension Duration {
  /// To the nearest nanosecond; `seconds(_:)` would take 0.009 for a billionth of a nanosecond less, and the
  /// nanosecond would be lost in the next conversion. What is longer than 292 years, or no number, is as long.
  public init(roundedSeconds seconds: Double) {
    let nanoseconds = (seconds * 1e9).rounded()
    self = .nanoseconds(Int64(exactly: nanoseconds) ?? (nanoseconds < 0 ? .min : .max))
  }

  /// The whole duration in nanoseconds, rounded toward zero; traps past 292 years.
  public var inNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }

  /// The whole duration in seconds, as far as a double carries it.
  public var inSeconds: Double {
    Double(inNanoseconds) / 1e9
  }

  /// The whole duration in milliseconds, as far as a double carries it.
  public var inMilliseconds: Double {
    Double(inNanoseconds) / 1e6
  }
}
