import CLibwebsockets
import MonotonicTime

/// The loop's own epoll set, itself one descriptor among those libwebsockets waits for.
///
/// It holds what libwebsockets 4.1.6 does not give:
/// - a timer of nanosecond grain (its own sleep in whole milliseconds);
/// - a wake that other threads may ring;
/// - the departure of a reader whose response is held open. libwebsockets does not read a socket in the
///   middle of a response, so it neither closes such a reader nor stops being woken for it;
/// - connections that libwebsockets does not know yet (`Door`) or any more (`Lingering`).
final class KernelEvents {
  /// To be adopted by libwebsockets, which closes it with the context.
  let set = epoll_create1(CInt(EPOLL_CLOEXEC))
  let alarm = timerfd_create(CLOCK_MONOTONIC, CInt(TFD_CLOEXEC) | CInt(TFD_NONBLOCK))
  private let bell: Bell
  /// By descriptor. Emptied when the watching ends, so that an event that was already under way finds nothing.
  private var watchers: [(any Watcher)?] = []

  /// - Parameter holdsAlarm: whether the alarm is in the set, or waited for by somebody else.
  init(bell: Bell, holdsAlarm: Bool) {
    self.bell = bell
    if holdsAlarm {
      // Edge-triggered, so that nobody has to read it.
      precondition(clws_epoll_add(set, alarm, clws_epoll_in_edge) == 0, "a timer joins a fresh epoll set")
    }
    precondition(clws_epoll_add(set, bell.descriptor, clws_epoll_in) == 0, "a bell joins a fresh epoll set")
  }

  deinit {
    close(alarm)
  }

  /// Wakes the loop at that instant, at once if it has passed; replaces the instant set before, and that it has
  /// come. Nil wakes it no more.
  func setAlarm(_ instant: Instant?) {
    // A zero disarms the timer.
    let nanoseconds = instant.map { max(1, $0.nanoseconds) } ?? 0
    var time = itimerspec()
    time.it_value.tv_sec = Int(nanoseconds / 1_000_000_000)
    time.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
    timerfd_settime(alarm, CInt(TFD_TIMER_ABSTIME), &time, nil)
  }

  /// Watches a descriptor. It stays in the set until it is removed from there or closed, also when the
  /// watching has ended: the next response is held on it too.
  func watch(_ descriptor: CInt, for events: UInt32, _ watcher: any Watcher) {
    while watchers.count <= Int(descriptor) { watchers.append(nil) }
    watchers[Int(descriptor)] = watcher
    _ = clws_epoll_add(set, descriptor, events)
  }

  func stopWatching(_ descriptor: CInt) {
    if watchers.indices.contains(Int(descriptor)) { watchers[Int(descriptor)] = nil }
  }

  /// Ends the watching and takes the descriptor out of the set, for somebody else to wait for it.
  func remove(_ descriptor: CInt) {
    stopWatching(descriptor)
    _ = clws_epoll_remove(set, descriptor)
  }

  /// What happened since the last look.
  struct Ready {
    var alarm = false
    var watchers: [any Watcher] = []
  }

  func takeReady() -> Ready {
    var ready = Ready()
    withUnsafeTemporaryAllocation(of: CInt.self, capacity: 64) { descriptors in
      let count = max(0, clws_epoll_ready(set, descriptors.baseAddress!, 64))
      for descriptor in descriptors[..<Int(count)] {
        if descriptor == alarm {
          ready.alarm = true
        } else if descriptor == bell.descriptor {
          bell.drain()
        } else if watchers.indices.contains(Int(descriptor)), let watcher = watchers[Int(descriptor)] {
          ready.watchers.append(watcher)
        } else {
          // Between two responses: libwebsockets sees this departure itself. The one-shot is spent, and
          // taking it out lets the descriptor's next hold add it anew.
          _ = clws_epoll_remove(set, descriptor)
        }
      }
    }
    return ready
  }
}

/// Somebody who waits for something on a descriptor.
protocol Watcher: AnyObject {
  /// It has come, or may have.
  func descriptorIsReady()
}

/// An eventfd that any thread may ring.
struct Bell: Sendable {
  let descriptor = eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK))

  func ring() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  func remove() {
    close(descriptor)
  }

  func drain() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }
}
