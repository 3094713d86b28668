import CLibwebsockets
import MonotonicTime

/// Who is connected, by address, and how fast each address asks.
struct Peers {
  /// Names an address while somebody from it is connected.
  typealias Slot = Int

  private struct Address {
    var key: PeerAddress
    var connections = 0
    /// What is left of the bucket that each request takes one token from, and when that was so.
    var allowance: Double
    var at: Instant
  }

  private let limits: ConnectionLimits
  private let most: Int
  private var slots: [PeerAddress: Slot] = [:]
  private var addresses: [Address] = []
  private var free: [Slot] = []
  /// How large the table may grow before it is looked through for addresses to forget.
  private var sweepAt = 1_024
  /// Connections open now.
  private(set) var count = 0

  /// - Parameter most: connections the process has descriptors for.
  init(limits: ConnectionLimits, most: Int) {
    self.limits = limits
    self.most = min(limits.connections, most)
  }

  enum Admission {
    case admitted(Slot)
    case refused(RequestProblem)
  }

  mutating func admit(_ key: PeerAddress, now: Instant) -> Admission {
    guard count < most else { return .refused(.tooManyConnections) }
    let slot = slots[key] ?? makeSlot(key, now)
    guard addresses[slot].connections < limits.connectionsPerAddress else {
      return .refused(.tooManyConnectionsFromAddress)
    }
    addresses[slot].connections += 1
    count += 1
    return .admitted(slot)
  }

  mutating func leave(_ slot: Slot) {
    count -= 1
    addresses[slot].connections -= 1
    // An address that asked too fast is remembered until its bucket is full again.
    if addresses[slot].connections == 0, limits.requestsPerSecond == nil { forget(slot) }
  }

  /// Whether one more request from that address is within the rate; counts it if so.
  mutating func takesRequest(from slot: Slot, now: Instant) -> Bool {
    guard let rate = limits.requestsPerSecond else { return true }
    let passed = addresses[slot].at.duration(to: now).inSeconds
    let allowance = min(max(1, rate), addresses[slot].allowance + passed * rate)
    addresses[slot].at = now
    addresses[slot].allowance = allowance >= 1 ? allowance - 1 : allowance
    return allowance >= 1
  }

  private mutating func makeSlot(_ key: PeerAddress, _ now: Instant) -> Slot {
    if free.isEmpty, addresses.count >= sweepAt { forgetTheQuiet(now) }
    let address = Address(key: key, allowance: max(1, limits.requestsPerSecond ?? 0), at: now)
    let slot: Slot
    if let reused = free.popLast() {
      slot = reused
      addresses[slot] = address
    } else {
      slot = addresses.count
      addresses.append(address)
    }
    slots[key] = slot
    return slot
  }

  /// Those whose buckets are full again, so that the table is bounded by who was here in that time.
  private mutating func forgetTheQuiet(_ now: Instant) {
    let timeToFill = Duration(roundedSeconds: max(1, 1 / (limits.requestsPerSecond ?? 1)))
    for (slot, address) in addresses.enumerated()
    where address.connections == 0 && address.at.duration(to: now) > timeToFill {
      forget(slot)
    }
    sweepAt = max(1_024, 2 * slots.count)
  }

  private mutating func forget(_ slot: Slot) {
    guard slots.removeValue(forKey: addresses[slot].key) != nil else { return }
    free.append(slot)
  }
}

/// An IP address, without the port.
struct PeerAddress: Hashable {
  private var high: UInt64 = 0
  private var low: UInt64 = 0

  /// - Parameter address: of `AF_INET` or `AF_INET6`; a network of IPv6 hands out /64s, so only that counts.
  init(_ address: sockaddr_storage) {
    let isIPv4 = Int32(address.ss_family) == AF_INET
    withUnsafeBytes(of: address) { bytes in
      if isIPv4 {
        low =
          0xffff << 32 | UInt64(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
      } else {
        high = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        let rest = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
        // An IPv4 address seen through IPv6 (RFC 4291, section 2.5.5.2) counts as itself.
        low = high == 0 ? rest : 0
      }
    }
  }

  init(low: UInt64) {
    self.low = low
  }
}
