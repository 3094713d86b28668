import Foundation
import MonotonicTime

/// Two UDP sockets, one in each of a link's networks, that send to each other.
///
/// Both are used by the one thread that made them: a socket stays in the network in which it was made.
final class LinkProbe {
  private let server: Int32
  private let reader: Int32
  /// The next packet's number: no two have the same, so that one that comes late is not taken for another.
  private var next = 0
  /// Of IP and UDP, without options.
  static let headerBytes = 28

  /// Leaves the calling thread in the readers' network, and before others where the system lets it.
  /// - Throws: `NetworkError`.
  init(_ link: Link) throws(NetworkError) {
    PacketWire.goFirst()
    try link.serverNetwork.enter()
    server = Self.socket(at: Link.serverHost)
    try link.readersNetwork.enter()
    reader = Self.socket(at: Link.readersHost)
    for (socket, peer) in [(server, reader), (reader, server)] {
      var address = sockaddr_in()
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isJoined = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          getsockname(peer, $0, &length) == 0 && connect(socket, $0, length) == 0
        }
      }
      guard isJoined else {
        throw .wire("its ends cannot reach each other: \(String(cString: strerror(errno)))")
      }
    }
  }

  deinit {
    close(server)
    close(reader)
  }

  private static func socket(at host: String) -> Int32 {
    let descriptor = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    // What is larger than a packet may be is not fragmented but refused.
    var discovery = CInt(IP_PMTUDISC_DO)
    setsockopt(descriptor, CInt(IPPROTO_IP), IP_MTU_DISCOVER, &discovery, socklen_t(MemoryLayout<CInt>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    inet_pton(AF_INET, host, &address.sin_addr)
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return descriptor
  }

  /// - Returns: nil where either of the two packets did not come in time.
  func roundTrip(patience: Duration) -> Duration? {
    let number = next
    next += 1
    let start = Instant.now
    send(number, from: reader)
    guard comes(number, at: server, until: start.advanced(by: patience)) else { return nil }
    send(number, from: server)
    guard comes(number, at: reader, until: start.advanced(by: patience)) else { return nil }
    return start.duration(to: .now)
  }

  private func comes(_ number: Int, at socket: Int32, until end: Instant) -> Bool {
    while true {
      let left = Instant.now.duration(to: end)
      guard left > .zero, let come = receive(at: socket, patience: left) else { return false }
      if come == number { return true }
    }
  }

  enum Direction: String, CaseIterable {
    case down
    case up
  }

  /// Sends packets from one end to the other, never so many at a time that anything but the link loses one.
  /// - Parameters:
  ///   - bytes: of each packet, with its headers.
  ///   - window: how many may be on their way.
  /// - Returns: how many came, and from the first to the last of them how many were sent and how long it took.
  func flood(
    _ direction: Direction, _ count: Int, bytes: Int, window: Int, patience: Duration
  ) -> (
    come: Int, sent: Int, time: Duration
  ) {
    let (from, to) = direction == .down ? (server, reader) : (reader, server)
    var come = 0
    var last = -1
    var first: (number: Int, at: Instant)?
    var end = Instant.now
    let base = next
    next += count
    func take(_ received: Int) {
      let number = received - base
      guard number >= 0 else { return }
      end = .now
      if first == nil { first = (number, end) }
      come += 1
      last = number
    }
    for number in 0..<count {
      while number - last > window {
        guard let come = receive(at: to, patience: patience) else {
          // Lost, all of them.
          last = number - 1
          break
        }
        take(come)
      }
      send(base + number, from: from, bytes: bytes)
      while let number = receive(at: to, flags: MSG_DONTWAIT) { take(number) }
    }
    while let number = receive(at: to, patience: patience) { take(number) }
    guard let first else { return (0, 0, .zero) }
    return (come, last - first.number, first.at.duration(to: end))
  }

  /// Whether a packet comes that has so many bytes with its headers. One that is too large does not even leave.
  func carries(_ bytes: Int, _ direction: Direction, patience: Duration) -> Bool {
    let (from, to) = direction == .down ? (server, reader) : (reader, server)
    let number = next
    next += 1
    return send(number, from: from, bytes: bytes)
      && comes(number, at: to, until: Instant.now.advanced(by: patience))
  }

  /// - Returns: whether it has left.
  @discardableResult
  private func send(_ number: Int, from socket: Int32, bytes: Int = 0) -> Bool {
    var packet = [UInt8](repeating: 0, count: max(8, bytes - Self.headerBytes))
    withUnsafeBytes(of: Int64(number)) { packet.replaceSubrange(0..<8, with: $0) }
    return Glibc.send(socket, packet, packet.count, 0) == packet.count
  }

  private func receive(at socket: Int32, patience: Duration) -> Int? {
    var wanted = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    let milliseconds = CInt(min(60_000, patience.inMilliseconds.rounded(.up)))
    guard poll(&wanted, 1, milliseconds) == 1 else { return nil }
    return receive(at: socket)
  }

  private func receive(at socket: Int32, flags: Int = 0) -> Int? {
    var number: Int64 = 0
    let count = recv(socket, &number, MemoryLayout<Int64>.size, CInt(flags))
    return count == MemoryLayout<Int64>.size ? Int(number) : nil
  }
}
