/// What a link did, in both directions.
public struct LinkTally: Codable, Equatable, Sendable {
  public var packets = 0
  /// On the way, as the link was told to.
  public var lost = 0
  /// Because too much was waiting for the sender.
  public var overflowed = 0
  /// Because the device at the far end took no more.
  public var refused = 0
  /// How much later than due the latest packet was written: the wire's own fault, for want of a processor.
  public var latestMilliseconds = 0.0

  public init() {}

  public static func + (left: LinkTally, right: LinkTally) -> LinkTally {
    var sum = left
    sum.packets += right.packets
    sum.lost += right.lost
    sum.overflowed += right.overflowed
    sum.refused += right.refused
    sum.latestMilliseconds = max(left.latestMilliseconds, right.latestMilliseconds)
    return sum
  }
}
