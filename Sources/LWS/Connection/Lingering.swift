import CLibwebsockets
import Glibc
import MonotonicTime

/// Reading and dropping what a peer sends that was told its last word while it was still sending. Closing the
/// connection at once would reset it, and the peer might lose that word (RFC 9112, section 9.6).
enum LastWord {
  /// How long the peer has to read it.
  static let time = Duration.seconds(2)
  /// How much is dropped: more than comes in that time, but from somebody who sends for its own sake.
  static let bytes = 1 << 30

  /// Drops what has come.
  /// - Parameter left: how much may still come; counted down.
  /// - Returns: false where nothing more is to be waited for.
  static func drop(from descriptor: CInt, left: inout Int, into buffer: UnsafeMutableRawBufferPointer) -> Bool
  {
    let count = recv(descriptor, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT))
    if count < 0 { return errno == EAGAIN || errno == EINTR }
    left -= count
    return count > 0 && left > 0
  }
}

/// A connection that was not let in, until its peer has read why.
final class Lingering: DescriptorWatch {
  private unowned let loop: Loop
  private var bytesLeft = LastWord.bytes
  private lazy var deadline = Timer { [unowned self] _ in end() }

  static let mostAtOnce = 64

  /// - Parameter descriptor: closed in the end.
  init(_ descriptor: CInt, _ loop: Loop) {
    self.loop = loop
    super.init(descriptor, on: loop.eventLoop)
    shutdown(descriptor, CInt(SHUT_WR))
    loop.set(deadline, at: loop.now.advanced(by: LastWord.time))
    watch()
  }

  override func descriptorIsReady() {
    if !LastWord.drop(from: descriptor, left: &bytesLeft, into: loop.readBuffer) { end() }
  }

  func end() {
    loop.cancel(deadline)
    stopWatching()
    close(descriptor)
    loop.didEnd(self)
  }
}
