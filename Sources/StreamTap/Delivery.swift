import Foundation
import MonotonicTime

/// How a stream's parts came: whether each was let through when it was there, or somebody gathered them.
public enum Delivery: Equatable, Sendable {
  /// As they were made, so far as can be seen: so many arrivals.
  case streams(arrivals: Int)
  /// All at once, after so long a silence.
  case heldBack(count: Int, silence: Duration)
  /// So many at a time in the mean, so far apart in the median.
  case inBatches(mean: Double, period: Duration)
  /// Why nothing can be said.
  case unknown(String)

  /// From when on a silence is one that a person sees.
  static let visibleSilence = Duration.milliseconds(300)
  /// Below this distance two batches are one server's ticking.
  static let visiblePeriod = Duration.milliseconds(80)
  /// What comes so close together came at once: a flush of some kilobytes takes several reads.
  static let atOnce = Duration.milliseconds(8)
  static let fewest = 3

  /// - Parameters:
  ///   - instants: when each part came, in order.
  ///   - heard: when something was last heard before the first of them, be it the request's sending, the head or a comment.
  public init(_ instants: [Instant], heard: Instant) {
    guard let first = instants.first, instants.count >= Self.fewest else {
      self = .unknown("only \(instants.count) came, and it takes \(Self.fewest) to tell")
      return
    }
    let arrivals = Self.arrivals(instants)
    let silence = heard.duration(to: first)
    guard arrivals.count > 1 else {
      self =
        silence < Self.visibleSilence
        ? .unknown(
          "all came at once, as soon as they were asked for: a server that has all of them looks the same")
        : .heldBack(count: instants.count, silence: silence)
      return
    }
    let periods = zip(arrivals, arrivals.dropFirst()).map {
      (time: $0.at.duration(to: $1.at), parts: $1.count)
    }
    let gathered = periods.filter { $0.parts > 1 && $0.time >= Self.visiblePeriod }
    let mean = Double(instants.count) / Double(arrivals.count)
    guard gathered.count * 2 >= periods.count, mean >= 2 else {
      self = .streams(arrivals: arrivals.count)
      return
    }
    self = .inBatches(mean: mean, period: gathered.map(\.time).sorted()[gathered.count / 2])
  }

  /// What came at once, with when it began to come.
  private static func arrivals(_ instants: [Instant]) -> [(at: Instant, count: Int)] {
    var arrivals: [(at: Instant, last: Instant, count: Int)] = []
    for instant in instants {
      if let last = arrivals.last, last.last.duration(to: instant) <= atOnce {
        arrivals[arrivals.count - 1].last = instant
        arrivals[arrivals.count - 1].count += 1
      } else {
        arrivals.append((instant, instant, 1))
      }
    }
    return arrivals.map { ($0.at, $0.count) }
  }

  public var isLetThrough: Bool { if case .streams = self { true } else { false } }
}
