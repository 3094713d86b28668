import Foundation
import MonotonicTime

/// How a stream's pieces came: whether each was let through when it was there, or somebody gathered them.
public enum Delivery: Equatable, Sendable {
  /// One by one, or nearly.
  case streams
  /// All at once, after a wait in which nothing came.
  case heldBack(count: Int, wait: Duration)
  /// Some at a time, so far apart in the median.
  case inBatches(mean: Double, period: Duration)
  /// Why nothing can be said.
  case unknown(String)

  /// From when on a wait is one that a person sees.
  static let visibleWait = Duration.milliseconds(300)
  /// Below this distance two batches are one server's ticking.
  static let visiblePeriod = Duration.milliseconds(80)
  static let fewest = 3

  /// - Parameters:
  ///   - instants: when each piece came; those that one read brought have the same.
  ///   - asked: when the request was sent.
  public init(_ instants: [Instant], asked: Instant) {
    guard let first = instants.first, let last = instants.last, instants.count >= Self.fewest else {
      self = .unknown("only \(instants.count) came, and it takes \(Self.fewest) to tell")
      return
    }
    let wait = asked.duration(to: first)
    let span = first.duration(to: last)
    // What takes a twentieth of the time that was waited for it was there before.
    guard span > wait / 20 || span > Self.visibleWait else {
      self =
        wait < Self.visibleWait
        ? .unknown(
          "all came at once, as soon as they were asked for: a server that has all of them looks the same")
        : .heldBack(count: instants.count, wait: wait)
      return
    }
    let reads = instants.reduce(into: [Instant]()) { if $0.last != $1 { $0.append($1) } }
    let periods = zip(reads, reads.dropFirst()).map { $0.duration(to: $1) }.sorted()
    let mean = Double(instants.count) / Double(reads.count)
    let period = periods.isEmpty ? .zero : periods[periods.count / 2]
    self = mean >= 2 && period >= Self.visiblePeriod ? .inBatches(mean: mean, period: period) : .streams
  }

  public var isLetThrough: Bool { self == .streams }
}
