import MonotonicTime
import Readings

/// What losing connections came to.
extension TrialMeasurement {
  /// Readers that were not to come back have no outages: their first loss is a failure.
  mutating func addOutages(_ readings: [Reading]) {
    guard readings.contains(where: { $0.recovery != .none }) else { return }
    let outages = readings.flatMap(\.outages)
    values[.outages] = Double(outages.count) / Double(readings.count)
    // One that never ended took no requests because nobody tried, which is no easy recovery.
    let ended = outages.filter { $0.firstAfter != nil }
    guard !ended.isEmpty else { return }
    values[.recoveryRequests] = Double(ended.reduce(0) { $0 + $1.requests }) / Double(ended.count)
    let lengths = Quantiles(ended.compactMap(\.length).map(\.inMilliseconds))
    values[.outageMedian] = lengths.median
    values[.outageWorst] = lengths.value(at: 1)
  }
}

extension Reading {
  /// Connections beyond the first that no outage explains.
  var unexplainedConnections: Int {
    max(0, connections - 1 - outages.reduce(0) { $0 + $1.connections })
  }
}
