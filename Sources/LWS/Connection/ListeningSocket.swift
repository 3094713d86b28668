import CLibwebsockets
import Glibc
import OpenDescriptors

/// The socket that connections come in through. libwebsockets could listen too, but it only says that it
/// failed, not why, and takes every connection in.
struct ListeningSocket {
  let descriptor: CInt
  /// The one the kernel chose where the configuration says 0.
  let port: Int

  /// - Throws: `ServerError` with what is wrong with the address.
  init(_ configuration: ServerConfiguration) throws(ServerError) {
    var hints = addrinfo()
    hints.ai_flags = CInt(AI_NUMERICHOST)
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(configuration.host, String(configuration.port), &hints, &list) == 0,
      let address = list?.pointee
    else { throw .hostUnknown(configuration.host) }
    defer { freeaddrinfo(list) }
    descriptor = socket(
      address.ai_family, address.ai_socktype | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
    setOption(SOL_SOCKET, SO_REUSEADDR, 1, on: descriptor)
    guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, listen(descriptor, 4_096) == 0,
      let port = Self.port(of: descriptor)
    else {
      let reason = errno
      close(descriptor)
      switch reason {
      case EACCES: throw .portForbidden(port: configuration.port)
      case EADDRINUSE: throw .portTaken(host: configuration.host, port: configuration.port)
      default: throw .hostUnknown(configuration.host)
      }
    }
    self.port = port
  }

  /// A connection that waits to be taken, with who it comes from; nil where none does or none can be.
  func accept() -> (descriptor: CInt, address: PeerAddress)? {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let connection = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        clws_accept(descriptor, $0, &length)
      }
    }
    return connection < 0 ? nil : (connection, PeerAddress(address))
  }

  private static func port(of descriptor: CInt) -> Int? {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard status == 0 else { return nil }
    // Both families keep the port at the same place.
    return withUnsafeBytes(of: &address) {
      Int(UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
    }
  }
}

func setOption(_ level: CInt, _ name: CInt, _ value: CInt, on descriptor: CInt) {
  var value = value
  setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<CInt>.size))
}

/// Says how long the kernel waits for an acknowledgement before it gives a connection up (`TCP_USER_TIMEOUT`); zero is its
/// own idea of it.
func setUserTimeout(_ time: Duration, on descriptor: CInt) {
  let milliseconds = CInt(clamping: time.inNanoseconds / 1_000_000)
  setOption(CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, milliseconds, on: descriptor)
}

extension Descriptors {
  /// Raises the limit, as far as the system allows, so that so many connections fit.
  /// - Returns: how many do.
  /// - Throws: `.tooFewDescriptors` where not even the reserve is to be had.
  static func makeRoom(for connections: Int) throws(ServerError) -> Int {
    let count = raiseLimit(to: connections + reserve)
    guard count > reserve else { throw .tooFewDescriptors(count) }
    return count - reserve
  }
}
