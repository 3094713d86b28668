import Measurement
import MonotonicTime

/// What came to a crowd of readers: every token's delay, and the account of what was to come.
///
/// Delays are kept in a flat array and go into a histogram when the reading is over, because a reader has a few
/// microseconds for a token.
struct Arrivals {
  /// From the intended instant, in microseconds.
  private(set) var delays: [UInt32] = []
  /// Tokens that came, the doubled ones too.
  private(set) var count = 0
  private(set) var ledger = Ledger()
  /// Tokens that came before their instants, which a server that keeps to them never sends.
  private(set) var early = 0
  private let gap: Int64
  private let tokens: Int
  /// Only of these the delay is kept.
  private let measured: Range<Int>

  /// - Parameters:
  ///   - tokens: how many come to each reader; 0 where what comes is not counted by index.
  init(readers: Int, gap: Duration, tokens: Int, measured: Range<Int>) {
    self.gap = gap.inNanoseconds
    self.tokens = tokens
    self.measured = measured
    delays.reserveCapacity(readers * measured.count)
  }

  /// - Parameters:
  ///   - next: the index that its reader was to get, which goes on behind the one it got.
  ///   - first: the instant of the reader's token 0, in nanoseconds; so is `now`.
  mutating func record(_ index: Int, next: inout Int, first: Int64, now: Int64) {
    count += 1
    guard tokens > 0 else { return }
    guard index < tokens else {
      ledger.corrupted += 1
      return
    }
    guard index >= next else {
      ledger.duplicated += 1
      return
    }
    for lost in next..<index { miss(lost, first: first, now: now) }
    next = index + 1
    ledger.delivered += 1
    if now < first + Int64(index) * gap { early += 1 }
    keep(index, first, now)
  }

  /// Accounts for what a reader had not got when the reading was over. Each counts with the delay it had by then
  /// at the least: leaving it out would make a server look quicker the more it fails to deliver.
  mutating func finish(next: Int, first: Int64, now: Int64) {
    for lost in min(next, tokens)..<tokens { miss(lost, first: first, now: now) }
  }

  private mutating func miss(_ index: Int, first: Int64, now: Int64) {
    ledger.lost += 1
    keep(index, first, now)
  }

  private mutating func keep(_ index: Int, _ first: Int64, _ now: Int64) {
    guard measured.contains(index) else { return }
    delays.append(UInt32(clamping: (now - first - Int64(index) * gap) / 1_000))
  }

  /// In an HdrHistogram.
  var distribution: DelayDistribution {
    var distribution = DelayDistribution()
    for delay in delays { distribution.record(.microseconds(Int64(delay))) }
    return distribution
  }
}
