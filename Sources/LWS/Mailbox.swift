import CLibwebsockets
import Glibc
import Synchronization

/// The word to stop, which any thread may leave for the loop's.
final class Mailbox: Sendable {
  /// Readable once there is a word.
  let descriptor = eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK))
  private let stopping = Atomic(false)

  deinit {
    close(descriptor)
  }

  func stop() {
    stopping.store(true, ordering: .releasing)
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  var isStopping: Bool {
    stopping.load(ordering: .acquiring)
  }
}
