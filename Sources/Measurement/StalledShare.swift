import MonotonicTime
import Readings

/// How much of the time in which an answer is typed it stands still.
extension Reading {
  /// What nobody sees as a pause, by the usual rule for what seems to happen at once: a tenth of a second.
  static let shortestStall = Duration.milliseconds(100)

  /// The share of the time from the first token's arrival to the last one's in which the reader waited for a token that
  /// was behind the pace of its schedule, from 0 to 1.
  ///
  /// Between two tokens that follow each other lies what their schedule puts there. Where they arrive further apart by a
  /// tenth of a second or more, the text stood still for the rest of that time. A late start is no stall, and a way that is
  /// long, but evenly so, makes none: the first belongs to the time to first token, and the second to the delay.
  ///
  /// Nil for fewer than two tokens, and where all came at once.
  public var stalledShare: Double? {
    let known = arrivals.filter { offsets.indices.contains($0.index) }
    guard let first = known.first, let last = known.last, first.at < last.at else { return nil }
    let stalled = zip(known, known.dropFirst()).reduce(Duration.zero) { sum, pair in
      let scheduled = max(.zero, offsets[pair.1.index] - offsets[pair.0.index])
      let excess = pair.0.at.duration(to: pair.1.at) - scheduled
      return excess < Self.shortestStall ? sum : sum + excess
    }
    return stalled / first.at.duration(to: last.at)
  }
}
