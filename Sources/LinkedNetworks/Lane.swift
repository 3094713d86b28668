import Answers
import Links
import MonotonicTime

/// One direction of a link: says of each packet when it comes out at the other end.
struct Lane {
  private(set) var link: LinkProperties
  private var loss: PacketLoss
  private var generator: SeededGenerator
  /// When the sender is done with what it has.
  private var isFreeAt = Instant(nanoseconds: 0)
  /// By connection, when its last packet comes out, which none behind it overtakes.
  private var lastDue: [Flow: Instant] = [:]
  private var tally = LinkTally()
  /// Connections that are remembered at most: those that are gone hold nothing back.
  private static let mostFlows = 65_536

  init(_ link: LinkProperties, seed: UInt64) {
    self.link = link
    loss = PacketLoss(seed: seed)
    generator = SeededGenerator(seed: ~seed)
  }

  /// - Parameters:
  ///   - count: the packet's bytes.
  ///   - flow: whose it is.
  /// - Returns: nil for one that does not come out.
  mutating func due(packetOf count: Int, of flow: Flow = Flow(), at now: Instant) -> Instant? {
    tally.packets += 1
    let begin = max(now, isFreeAt)
    guard now.duration(to: begin) <= link.longestQueue else {
      tally.overflowed += 1
      return nil
    }
    isFreeAt = begin.advanced(by: link.transmission(ofBytes: count))
    // Lost behind the sender, which took its time for it.
    guard !loss.losesNext(link, at: now) else {
      tally.lost += 1
      return nil
    }
    let due = isFreeAt.advanced(by: link.delay)
    return link.jitterMilliseconds > 0 ? shaken(due, flow) : due
  }

  private mutating func shaken(_ due: Instant, _ flow: Flow) -> Instant {
    let jitter = link.jitter * Double.random(in: -1...1, using: &generator)
    let shaken = max(lastDue[flow] ?? due.advanced(by: jitter), due.advanced(by: jitter))
    if lastDue.count >= Self.mostFlows { lastDue.removeAll(keepingCapacity: true) }
    lastDue[flow] = shaken
    return shaken
  }

  /// What was sent before is another link's, and holds nothing back here.
  mutating func become(_ link: LinkProperties, at now: Instant) {
    self.link = link
    isFreeAt = now
    lastDue = [:]
    loss.forget()
  }

  /// A packet that was due and that nobody took.
  mutating func wasRefused() { tally.refused += 1 }

  /// Counts anew.
  mutating func takeTally(latest: Duration) -> LinkTally {
    defer { tally = LinkTally() }
    tally.latestMilliseconds = latest.inMilliseconds
    return tally
  }
}

/// Whose a packet is: its addresses, its protocol and its ports (RFC 791, section 3.1; RFC 9293, section 3.1).
struct Flow: Hashable {
  private var addresses: UInt64 = 0
  private var ports: UInt32 = 0

  init() {}

  /// - Parameter packet: with its header of IPv4.
  init(_ packet: UnsafeRawBufferPointer) {
    guard packet.count >= 20 else { return }
    addresses = packet.loadUnaligned(fromByteOffset: 12, as: UInt64.self)
    let header = Int(packet[0] & 15) * 4
    // TCP and UDP begin with their ports.
    guard packet[9] == 6 || packet[9] == 17, packet.count >= header + 4 else { return }
    ports = packet.loadUnaligned(fromByteOffset: header, as: UInt32.self)
  }
}
