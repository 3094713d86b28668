import MonotonicTime
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// How late the readers' event loop comes to what it has planned. While it is late, tokens wait unread, and the
/// delay measured is the lab's own.
public final class EventLoopLag: Sendable {
  private let worst = NIOLockedValueBox(Duration.zero)
  private let task: RepeatedTask

  private static let period = TimeAmount.milliseconds(5)

  init(_ loop: any EventLoop) {
    let due = NIOLockedValueBox(Instant.now.advanced(by: .nanoseconds(Self.period.nanoseconds)))
    task = loop.scheduleRepeatedTask(initialDelay: Self.period, delay: Self.period) { [worst] _ in
      let now = Instant.now
      let lag = due.withLockedValue { $0.duration(to: now) }
      worst.withLockedValue { $0 = max($0, lag) }
      // The period counts from here: a repeated task is planned anew once it has run.
      due.withLockedValue { $0 = now.advanced(by: .nanoseconds(Self.period.nanoseconds)) }
    }
  }

  /// The longest lag since the last time this was asked.
  public func takeWorst() -> Duration {
    worst.withLockedValue { worst in
      defer { worst = .zero }
      return worst
    }
  }

  public func stop() {
    task.cancel()
  }
}

extension Reader {
  /// Watches the readers' event loop until it is told to stop.
  public func watchLag() -> EventLoopLag {
    EventLoopLag(group.next())
  }
}
