import MonotonicTime

/// How a stream's parts came: whether each was let through when it was there, or somebody gathered them.
public enum Delivery: Equatable, Sendable {
  /// As they were made, so far as can be seen: so many arrivals.
  case streams(arrivals: Int)
  /// So many, all or nearly all, at once after so long a silence.
  case heldBack(count: Int, silence: Duration)
  /// So many at a time in the mean, so far apart in the median.
  case inBatches(mean: Double, period: Duration)
  /// Why nothing can be said.
  case unknown(String)

  /// From when on a silence is one that a person sees.
  static let visibleSilence = Duration.milliseconds(300)
  /// Below this distance two batches are one server's ticking.
  static let visiblePeriod = Duration.milliseconds(80)
  /// Reads so close together brought what was there at once, whatever they brought.
  static let atOnce = Duration.microseconds(500)
  /// And so close, if one of them brought several parts: packets of a flush that fill a slow link.
  static let betweenPackets = Duration.milliseconds(8)
  static let fewest = 3
  /// This share of the parts is nearly all of them: what a server says at once of itself may come before.
  static let nearlyAll = 0.8

  /// When a part came, and in which read.
  public struct Part: Sendable {
    var at: Instant
    var read: Int

    public init(at: Instant, read: Int) {
      self.at = at
      self.read = read
    }
  }

  /// - Parameters:
  ///   - parts: in order.
  ///   - heard: when something was last heard before the first of them, be it the request's sending, the head or a comment.
  public init(_ parts: [Part], heard: Instant) {
    guard parts.count >= Self.fewest else {
      self = .unknown("only \(parts.count) came, and it takes \(Self.fewest) parts to tell")
      return
    }
    let arrivals = Self.arrivals(parts)
    let waits = zip([heard] + arrivals.map(\.at), arrivals).map {
      (time: $0.duration(to: $1.at), parts: $1.count)
    }
    if let (silence, count) = waits.max(by: { $0.parts < $1.parts }),
      count >= Self.fewest, Double(count) >= Double(parts.count) * Self.nearlyAll
    {
      if silence >= Self.visibleSilence {
        self = .heldBack(count: count, silence: silence)
        return
      }
      if arrivals.count == 1 {
        self = .unknown(
          "all came at once, as soon as they were asked for: a server that has all of them looks the same")
        return
      }
    }
    let periods = waits.dropFirst()
    let gathered = periods.filter { $0.parts > 1 && $0.time >= Self.visiblePeriod }
    let mean = Double(parts.count) / Double(arrivals.count)
    guard !gathered.isEmpty, gathered.count * 2 >= periods.count, mean >= 2 else {
      self = .streams(arrivals: arrivals.count)
      return
    }
    self = .inBatches(mean: mean, period: gathered.map(\.time).sorted()[gathered.count / 2])
  }

  /// What came at once, with when it began to come.
  private static func arrivals(_ parts: [Part]) -> [(at: Instant, count: Int)] {
    var arrivals: [(at: Instant, count: Int)] = []
    var last: (at: Instant, count: Int)?
    for (instant, count) in reads(parts) {
      let isSeveral = count > 1 || (last?.count ?? 0) > 1
      if let last, last.at.duration(to: instant) <= (isSeveral ? betweenPackets : atOnce) {
        arrivals[arrivals.count - 1].count += count
      } else {
        arrivals.append((instant, count))
      }
      last = (instant, count)
    }
    return arrivals
  }

  /// How many parts each read brought.
  private static func reads(_ parts: [Part]) -> [(at: Instant, count: Int)] {
    var reads: [(at: Instant, count: Int)] = []
    var last: Int?
    for part in parts {
      if part.read == last { reads[reads.count - 1].count += 1 } else { reads.append((part.at, 1)) }
      last = part.read
    }
    return reads
  }

  public var isLetThrough: Bool { if case .streams = self { true } else { false } }
}
