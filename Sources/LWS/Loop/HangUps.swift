import CLibwebsockets
import Glibc

/// Connections whose peers have closed their sending side, and who may have left altogether. Such a socket is
/// readable for ever, so nobody waits for that any more; this waits for what is left to happen, its reset.
final class HangUps: DescriptorWatch {
  private let didHangUp: (CInt) -> Void

  /// - Parameter didHangUp: told which descriptor's connection is gone.
  init(on eventLoop: EventLoop, _ didHangUp: @escaping (CInt) -> Void) {
    self.didHangUp = didHangUp
    super.init(epoll_create1(CInt(EPOLL_CLOEXEC)), on: eventLoop)
    watch()
  }

  deinit {
    stopWatching()
    close(descriptor)
  }

  /// Waits for it until the descriptor is closed, or taken out. Events of none ask for errors and resets alone.
  func add(_ connection: CInt) {
    _ = clws_epoll_add(descriptor, connection, 0)
  }

  /// Harmless where it is not there.
  func remove(_ connection: CInt) {
    _ = clws_epoll_remove(descriptor, connection)
  }

  override func descriptorIsReady() {
    withUnsafeTemporaryAllocation(of: CInt.self, capacity: 64) { ready in
      let count = max(0, clws_epoll_ready(descriptor, ready.baseAddress!, 64))
      for connection in ready[..<Int(count)] {
        remove(connection)
        didHangUp(connection)
      }
    }
  }
}
