import CLibwebsockets
import Glibc
import MonotonicTime
import Testing

@testable import LWS

@Suite struct PeersTests {
  private let start = Instant(nanoseconds: 1_000_000_000)

  private func after(_ seconds: Double) -> Instant {
    start.advanced(by: Duration(roundedSeconds: seconds))
  }

  private func peers(most: Int = 1_000, _ change: (inout ConnectionLimits) -> Void = { _ in }) -> Peers {
    var limits = ConnectionLimits()
    change(&limits)
    return Peers(limits: limits, most: most)
  }

  private func place(_ admission: Peers.Admission) -> Peers.Slot? {
    if case .admitted(let slot) = admission { slot } else { nil }
  }

  private func problem(_ admission: Peers.Admission) -> RequestProblem? {
    if case .refused(let problem) = admission { problem } else { nil }
  }

  /// How many of ten requests in that moment are taken.
  private func taken(_ peers: inout Peers, _ slot: Peers.Slot, at now: Instant) -> Int {
    (0..<10).count { _ in peers.takesRequest(from: slot, now: now) }
  }

  @Test(arguments: [(most: 2, limit: 10), (most: 10, limit: 2)])
  func `in all, the smaller of limit and descriptors is admitted`(most: Int, limit: Int) throws {
    var peers = peers(most: most) { $0.connections = limit }
    let first = try #require(place(peers.admit(PeerAddress(low: 1), now: start)))
    _ = peers.admit(PeerAddress(low: 2), now: start)
    #expect(peers.count == 2)
    #expect(problem(peers.admit(PeerAddress(low: 3), now: start)) == .tooManyConnections)
    #expect(problem(peers.admit(PeerAddress(low: 1), now: start)) == .tooManyConnections)
    #expect(peers.count == 2)
    peers.leave(first)
    #expect(place(peers.admit(PeerAddress(low: 3), now: start)) != nil)
  }

  @Test func `each address has a limit of its own`() throws {
    var peers = peers { $0.connectionsPerAddress = 2 }
    let first = try #require(place(peers.admit(PeerAddress(low: 1), now: start)))
    #expect(place(peers.admit(PeerAddress(low: 1), now: start)) == first)
    #expect(problem(peers.admit(PeerAddress(low: 1), now: start)) == .tooManyConnectionsFromAddress)
    #expect(place(peers.admit(PeerAddress(low: 2), now: start)) != nil)
    peers.leave(first)
    #expect(place(peers.admit(PeerAddress(low: 1), now: start)) == first)
    #expect(peers.count == 3)
  }

  @Test func `a place is used again once its address has left`() throws {
    var peers = peers()
    let one = try #require(place(peers.admit(PeerAddress(low: 1), now: start)))
    let two = try #require(place(peers.admit(PeerAddress(low: 2), now: start)))
    #expect(one != two)
    peers.leave(one)
    #expect(place(peers.admit(PeerAddress(low: 3), now: start)) == one)
    // Whoever comes back is somebody else there.
    #expect(place(peers.admit(PeerAddress(low: 1), now: start)) != one)
    #expect(place(peers.admit(PeerAddress(low: 2), now: start)) == two)
  }

  @Test func `without a rate every request is taken`() throws {
    var peers = peers()
    let slot = try #require(place(peers.admit(PeerAddress(low: 1), now: start)))
    for _ in 0..<1_000 { #expect(taken(&peers, slot, at: start) == 10) }
  }

  @Test func `the bucket holds a second's requests and fills at the rate`() throws {
    var peers = peers { $0.requestsPerSecond = 4 }
    let slot = try #require(place(peers.admit(PeerAddress(low: 1), now: start)))
    let counts = [0, 0.125, 0.25, 0.75, 100].map { taken(&peers, slot, at: after($0)) }
    #expect(counts == [4, 0, 1, 2, 4])
  }

  @Test func `a rate below one a second lets one through`() throws {
    var peers = peers { $0.requestsPerSecond = 0.5 }
    let slot = try #require(place(peers.admit(PeerAddress(low: 1), now: start)))
    let taken = [0.0, 1.0, 1.9, 2.0, 2.1, 4.1].map { peers.takesRequest(from: slot, now: after($0)) }
    #expect(taken == [true, false, false, true, false, true])
  }

  @Test func `who asked too fast is not forgotten by coming anew, and addresses do not share a bucket`()
    throws
  {
    var peers = peers { $0.requestsPerSecond = 1 }
    let one = try #require(place(peers.admit(PeerAddress(low: 1), now: start)))
    #expect(taken(&peers, one, at: start) == 1)
    peers.leave(one)
    let again = try #require(place(peers.admit(PeerAddress(low: 1), now: start)))
    #expect(again == one)
    #expect(taken(&peers, again, at: start) == 0)
    let other = try #require(place(peers.admit(PeerAddress(low: 2), now: start)))
    #expect(taken(&peers, other, at: start) == 1)
  }

  @Test func `the table is bounded by who was here in the last second`() throws {
    var peers = peers { $0.requestsPerSecond = 1 }
    var most = 0
    for number in 0..<20_000 {
      // A thousand addresses a second.
      let now = after(Double(number) / 1_000)
      let slot = try #require(place(peers.admit(PeerAddress(low: UInt64(number)), now: now)))
      most = max(most, slot)
      _ = peers.takesRequest(from: slot, now: now)
      peers.leave(slot)
    }
    #expect(most < 4_096)
    #expect(peers.count == 0)
  }

  @Test func `who is connected is never forgotten`() throws {
    var peers = peers { $0.requestsPerSecond = 1 }
    let held = try #require(place(peers.admit(PeerAddress(low: .max), now: start)))
    for number in 0..<5_000 {
      let slot = try #require(
        place(peers.admit(PeerAddress(low: UInt64(number)), now: after(Double(number)))))
      #expect(slot != held)
      peers.leave(slot)
    }
    #expect(place(peers.admit(PeerAddress(low: .max), now: after(5_000))) == held)
  }
}

@Suite struct PeerAddressTests {
  private func address(_ text: String, port: UInt16 = 80) -> PeerAddress {
    var storage = sockaddr_storage()
    withUnsafeMutableBytes(of: &storage) { bytes in
      bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
      let isIPv6 = text.contains(":")
      bytes.storeBytes(of: sa_family_t(isIPv6 ? AF_INET6 : AF_INET), as: sa_family_t.self)
      let place = bytes.baseAddress! + (isIPv6 ? 8 : 4)
      #expect(inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, place) == 1)
    }
    return PeerAddress(storage)
  }

  @Test func `the port does not count`() {
    #expect(address("127.0.0.1", port: 1) == address("127.0.0.1", port: 65_535))
    #expect(address("127.0.0.1") != address("127.0.0.2"))
    #expect(address("1.2.3.4") != address("4.3.2.1"))
  }

  @Test func `IPv4 seen through IPv6 is the same address`() {
    #expect(address("::ffff:192.0.2.7") == address("192.0.2.7"))
    #expect(address("::ffff:192.0.2.7") != address("::ffff:192.0.2.8"))
    #expect(address("::1") != address("0.0.0.1"))
  }

  @Test func `of IPv6 the network counts`() {
    #expect(address("2001:db8:0:1::1") == address("2001:db8:0:1:ffff::2"))
    #expect(address("2001:db8:0:1::1") != address("2001:db8:0:2::1"))
  }
}
