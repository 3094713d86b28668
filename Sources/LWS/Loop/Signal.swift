import CLibwebsockets
import Glibc

/// What any thread may give for a loop's thread to see. Signals given before the loop looks are one.
public final class Signal: Sendable {
  /// Readable once it was given.
  let descriptor = eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK))

  public init() {}

  deinit {
    close(descriptor)
  }

  public func send() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  /// Takes it back, to be given again.
  func clear() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }
}
