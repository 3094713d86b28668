import Foundation
import NIOConcurrencyHelpers

/// A port that stays ours while nobody listens on it: otherwise the kernel may give it to a connection
/// meanwhile, such as one that is made to it, which would then be connected to itself.
final class PortReservation: Sendable {
  let port: Int
  private let descriptor: NIOLockedValueBox<CInt?>

  init() throws {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    var one: CInt = 1
    // A listener that sets both options too can share the port with this socket, which never listens.
    for option in [SO_REUSEADDR, SO_REUSEPORT] {
      setsockopt(descriptor, SOL_SOCKET, option, &one, socklen_t(MemoryLayout<CInt>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &size) : -1
      }
    }
    guard status == 0 else {
      let code = POSIXErrorCode(rawValue: errno) ?? .EIO
      close(descriptor)
      throw POSIXError(code)
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    self.descriptor = NIOLockedValueBox(descriptor)
  }

  deinit {
    release()
  }

  func release() {
    descriptor.withLockedValue { descriptor in
      if let descriptor { close(descriptor) }
      descriptor = nil
    }
  }
}
