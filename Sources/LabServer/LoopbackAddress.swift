import Glibc

/// Addresses that lead to the machine itself and nowhere else (RFC 6890, section 2.2).
extension in_addr {
  /// 127.0.0.0/8.
  var isLoopback: Bool { UInt32(bigEndian: s_addr) >> 24 == 127 }
}

extension in6_addr {
  /// ::1.
  var isLoopback: Bool {
    withUnsafeBytes(of: self) { $0.elementsEqual([UInt8](repeating: 0, count: 15) + [1]) }
  }
}
