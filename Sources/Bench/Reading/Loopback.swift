import Glibc

/// Sockets to a port of this machine.
package enum Loopback {
  package struct ConnectError: Error, CustomStringConvertible {
    var code: Int32
    package var description: String { "cannot connect: \(String(cString: strerror(code)))" }
  }

  /// A connection that is there; it blocks.
  package static func connect(to port: Int) throws(ConnectError) -> CInt {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw ConnectError(code: errno) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let outcome = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard outcome == 0 else {
      let code = errno
      close(descriptor)
      throw ConnectError(code: code)
    }
    set(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, to: CInt(1))
    return descriptor
  }

  /// Closes with a reset, so that the kernel keeps nothing of the connection.
  static func reset(_ descriptor: CInt) {
    set(descriptor, SOL_SOCKET, SO_LINGER, to: linger(l_onoff: 1, l_linger: 0))
    close(descriptor)
  }

  /// - Parameter waits: whether for the kernel to have room.
  /// - Returns: whether the kernel took all of it at once.
  package static func send(_ bytes: [UInt8], to descriptor: CInt, waits: Bool = true) -> Bool {
    let flags = CInt(MSG_NOSIGNAL | (waits ? 0 : MSG_DONTWAIT))
    return Glibc.send(descriptor, bytes, bytes.count, flags) == bytes.count
  }

  static func set<Value>(_ descriptor: CInt, _ level: CInt, _ option: CInt, to value: Value)
  where Value: BitwiseCopyable {
    var value = value
    setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Value>.size))
  }
}
