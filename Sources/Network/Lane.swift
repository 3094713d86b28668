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
  /// When the last packet comes out, which none behind it overtakes.
  private var lastDue = Instant(nanoseconds: 0)
  private(set) var tally = LinkTally()

  init(_ link: LinkProperties, seed: UInt64) {
    self.link = link
    loss = PacketLoss(seed: seed)
    generator = SeededGenerator(seed: ~seed)
  }

  /// - Parameter count: the packet's bytes.
  /// - Returns: nil for one that does not come out.
  mutating func due(packetOf count: Int, at now: Instant) -> Instant? {
    tally.packets += 1
    let begin = max(now, isFreeAt)
    guard now.duration(to: begin) <= link.longestQueue else {
      tally.overflowed += 1
      return nil
    }
    isFreeAt = begin.advanced(by: link.transmission(ofBytes: count))
    // Lost behind the sender, which took its time for it.
    guard !loss.losesNext(link) else {
      tally.lost += 1
      return nil
    }
    let due = max(lastDue, isFreeAt.advanced(by: link.delay + jitter()))
    lastDue = due
    return due
  }

  /// What was sent before is another link's, and holds nothing back here.
  mutating func become(_ link: LinkProperties, at now: Instant) {
    self.link = link
    isFreeAt = now
    lastDue = now
  }

  private mutating func jitter() -> Duration {
    guard link.jitterMilliseconds > 0 else { return .zero }
    return link.jitter * Double.random(in: -1...1, using: &generator)
  }

  /// Counts anew.
  mutating func takeTally(latest: Duration) -> LinkTally {
    defer { tally = LinkTally() }
    tally.latestMilliseconds = latest.inMilliseconds
    return tally
  }
}

/// What a link did, in both directions.
public struct LinkTally: Codable, Equatable, Sendable {
  public var packets = 0
  /// On the way, as the link was told to.
  public var lost = 0
  /// Because too much was waiting for the sender.
  public var overflowed = 0
  /// How much later than due the latest packet came out: the wire's own fault, for want of a processor.
  public var latestMilliseconds = 0.0

  public init() {}

  public static func + (left: LinkTally, right: LinkTally) -> LinkTally {
    var sum = left
    sum.packets += right.packets
    sum.lost += right.lost
    sum.overflowed += right.overflowed
    sum.latestMilliseconds = max(left.latestMilliseconds, right.latestMilliseconds)
    return sum
  }
}
