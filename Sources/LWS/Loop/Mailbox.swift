import CLibwebsockets
import Glibc

/// The word to stop, which any thread may leave for the loop's.
final class Mailbox: Sendable {
  /// Readable once there is a word.
  let descriptor = eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK))

  deinit {
    close(descriptor)
  }

  func stop() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }
}
