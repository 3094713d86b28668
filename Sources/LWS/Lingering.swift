import CLibwebsockets
import Glibc
import MonotonicTime

/// A connection that was told its last word while it was still sending. Closing it at once would reset it, and
/// the peer might lose that word (RFC 9112, section 9.6); so what it sends is read and dropped for a while.
final class Lingering: Watcher {
  private let descriptor: CInt
  private unowned let loop: Loop
  private var bytesLeft = 1 << 20
  private lazy var deadline = Timer { [unowned self] _ in close() }

  static let mostAtOnce = 64
  private static let time = Duration.seconds(2)

  /// - Parameter descriptor: closed in the end.
  init(_ descriptor: CInt, _ loop: Loop) {
    self.descriptor = descriptor
    self.loop = loop
    shutdown(descriptor, CInt(SHUT_WR))
  }

  func begin() {
    loop.set(deadline, at: loop.now.advanced(by: Self.time))
    loop.events.watch(descriptor, for: clws_epoll_in, self)
  }

  func descriptorIsReady() {
    withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { buffer in
      let count = recv(descriptor, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT))
      if count < 0, errno == EAGAIN { return }
      bytesLeft -= count
      if count <= 0 || bytesLeft <= 0 { close() }
    }
  }

  func close() {
    loop.cancel(deadline)
    loop.events.remove(descriptor)
    Glibc.close(descriptor)
    loop.didEnd(self)
  }
}

extension Loop {
  /// Writes a whole response past libwebsockets, which does not know the connection, or not its request. As far
  /// as it does not fit into the socket it is lost.
  func say(_ response: Response, on descriptor: CInt) {
    let bytes = response.bytes(date: httpDate())
    _ = bytes.withUnsafeBytes {
      send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
    }
  }
}

extension Response {
  /// As it travels, for a connection that ends behind it (RFC 9112, section 9.6).
  func bytes(date: String) -> [UInt8] {
    var text = "HTTP/1.1 \(head.status) \r\ndate: \(date)\r\n"
    for (name, value) in head.fields { text += "\(name): \(value)\r\n" }
    text += "content-length: \(body.count)\r\nconnection: close\r\n\r\n"
    return Array(text.utf8) + body
  }
}
