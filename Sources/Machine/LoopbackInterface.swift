import Foundation

/// The interface on which server and readers meet.
public enum LoopbackInterface {
  /// A port of the loopback interface that nobody uses, and that the kernel gives to no connection by itself:
  /// while the server is away, a reader that asks for one of those may be connected to itself.
  /// - Throws: `ProcessFailure` where there is none.
  public static func freePort() throws -> Int {
    let range = try? String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
    let lowest = range?.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) } ?? 32_768
    for _ in 0..<1_000 where lowest > 1_024 {
      let port = Int.random(in: max(1_024, lowest / 2)..<lowest)
      if isFree(port) { return port }
    }
    throw ProcessFailure("there is no free port below those of /proc/sys/net/ipv4/ip_local_port_range")
  }

  /// So many of them, no two alike.
  public static func freePorts(_ count: Int) throws -> [Int] {
    var ports: [Int] = []
    while ports.count < count {
      let port = try freePort()
      if !ports.contains(port) { ports.append(port) }
    }
    return ports
  }

  private static func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
