import CLibwebsockets
import MonotonicTime

/// The loop's own epoll set, itself one descriptor among those libwebsockets waits for.
///
/// It holds what libwebsockets 4.1.6 does not give:
/// - a timer of nanosecond grain (its own sleep in whole milliseconds);
/// - a wake that other threads may ring;
/// - the departure of a reader whose response is held open. libwebsockets does not read a socket in the
///   middle of a response, so it neither closes such a reader nor stops being woken for it.
final class KernelEvents {
  /// To be adopted by libwebsockets, which closes it with the context.
  let set = epoll_create1(CInt(EPOLL_CLOEXEC))
  private let alarm = timerfd_create(CLOCK_MONOTONIC, CInt(TFD_CLOEXEC) | CInt(TFD_NONBLOCK))
  private let bell: Bell
  /// By descriptor: the session that is held open on it. Emptied when the session ends, so that an event
  /// that was already under way finds nothing.
  private var held: [Session?] = []

  init(bell: Bell) {
    self.bell = bell
    // Edge-triggered, so that nobody has to read it.
    precondition(clws_epoll_add(set, alarm, clws_epoll_in_edge) == 0, "a fresh timer joins a fresh epoll set")
    precondition(clws_epoll_add(set, bell.descriptor, clws_epoll_in) == 0, "a bell joins a fresh epoll set")
  }

  deinit {
    close(alarm)
  }

  /// Wakes the loop at that instant, at once if it has passed; replaces the instant set before.
  func setAlarm(_ instant: Instant) {
    // A zero would disarm the timer.
    let nanoseconds = max(1, instant.nanoseconds)
    var time = itimerspec()
    time.it_value.tv_sec = Int(nanoseconds / 1_000_000_000)
    time.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
    timerfd_settime(alarm, CInt(TFD_TIMER_ABSTIME), &time, nil)
  }

  /// Watches for the reader's departure. The socket stays in the set over the connection's life, since
  /// later responses are held on it too; the kernel takes it out when it is closed.
  func hold(_ session: Session, descriptor: CInt) {
    while held.count <= Int(descriptor) { held.append(nil) }
    held[Int(descriptor)] = session
    _ = clws_epoll_add(set, descriptor, clws_epoll_hangup_once)
  }

  func release(descriptor: CInt) {
    if held.indices.contains(Int(descriptor)) { held[Int(descriptor)] = nil }
  }

  /// What happened since the last look.
  struct Ready {
    var alarm = false
    var departed: [Session] = []
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
        } else if held.indices.contains(Int(descriptor)), let session = held[Int(descriptor)] {
          ready.departed.append(session)
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
