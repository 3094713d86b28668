import LabClient
import MonotonicTime

/// What one trial of one variant showed.
public struct TrialMeasurement: Sendable, Codable {
  /// The variant's name.
  public var variant: String
  /// Counted from 0; all variants of a trial share its schedule.
  public var trial: Int
  public var values: [Metric: Double]
  public var ledger: Ledger
  /// What readers could not go on after, each once.
  public var failures: [String]

  /// - Parameter offsets: the schedule, token by token.
  public init(variant: String, trial: Int, readings: [Reading], offsets: [Duration]) {
    self.variant = variant
    self.trial = trial
    ledger = readings.reduce(Ledger()) { $0 + Ledger($1.arrivals, expected: 0..<offsets.count) }
    failures = Set(readings.compactMap(\.failure)).sorted()
    let delays = Quantiles(readings.flatMap { Self.delaysMilliseconds($0, offsets) })
    let gaps = readings.flatMap(Self.gapsMilliseconds)
    let gapQuantiles = Quantiles(gaps)
    let tokens = Double(ledger.delivered)
    values = [:]
    values[.timeToFirstToken] = Quantiles(readings.compactMap(Self.timeToFirstTokenMilliseconds)).median
    values[.delayMedian] = delays.median
    values[.delay99] = delays.value(at: 0.99)
    values[.gapMedian] = gapQuantiles.median
    values[.gap99] = gapQuantiles.value(at: 0.99)
    if !gaps.isEmpty { values[.bunching] = Double(gaps.count { $0 == 0 }) / Double(gaps.count) }
    if tokens > 0 {
      values[.requests] = Double(readings.reduce(0) { $0 + $1.requests }) / tokens
      values[.bytesDown] = Double(readings.reduce(0) { $0 + $1.bytesDown }) / tokens
      values[.bytesUp] = Double(readings.reduce(0) { $0 + $1.bytesUp }) / tokens
    }
  }

  private static func timeToFirstTokenMilliseconds(_ reading: Reading) -> Double? {
    reading.arrivals.first.map { reading.asked.duration(to: $0.at).inMilliseconds }
  }

  /// From the intended instant, never from when the server got round to writing: a late server must not make
  /// its own lateness disappear (coordinated omission).
  private static func delaysMilliseconds(_ reading: Reading, _ offsets: [Duration]) -> [Double] {
    reading.arrivals.filter { offsets.indices.contains($0.index) }.map { arrival in
      reading.started.advanced(by: offsets[arrival.index]).duration(to: arrival.at).inMilliseconds
    }
  }

  private static func gapsMilliseconds(_ reading: Reading) -> [Double] {
    zip(reading.arrivals, reading.arrivals.dropFirst()).map { $0.at.duration(to: $1.at).inMilliseconds }
  }
}
