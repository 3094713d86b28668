import CLibwebsockets
import Glibc
import MonotonicTime

/// A timer of nanosecond grain. libwebsockets' own has a millisecond's, in a sorted list that costs more with each
/// connection.
final class Alarm: DescriptorWatch {
  private let ring: () -> Void

  /// - Parameter ring: called when the instant has come, again and again until another is set.
  init(on eventLoop: EventLoop, _ ring: @escaping () -> Void) {
    self.ring = ring
    super.init(timerfd_create(CLOCK_MONOTONIC, CInt(TFD_CLOEXEC) | CInt(TFD_NONBLOCK)), on: eventLoop)
    watch()
  }

  deinit {
    stopWatching()
    close(descriptor)
  }

  /// Rings at that instant, at once if it has passed; replaces the instant set before, and that it has come. Nil
  /// rings no more.
  func set(to instant: Instant?) {
    // A zero disarms the timer.
    let nanoseconds = instant.map { max(1, $0.nanoseconds) } ?? 0
    var time = itimerspec()
    time.it_value.tv_sec = Int(nanoseconds / 1_000_000_000)
    time.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
    timerfd_settime(descriptor, CInt(TFD_TIMER_ABSTIME), &time, nil)
  }

  override func descriptorIsReady() {
    ring()
  }
}
