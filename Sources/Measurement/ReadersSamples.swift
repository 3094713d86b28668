import MonotonicTime

/// What several readers saw of one quantity, and when.
package struct ReadersSamples {
  package struct Sample {
    package var value: Double
    package var at: Instant

    package init(value: Double, at: Instant) {
      self.value = value
      self.at = at
    }
  }

  package let pooled: Quantiles
  private let byReader: [[Double]]
  private let byTime: [[Double]]

  /// Longer than the stalls of a machine that is busy with something else for once.
  private static let slot = Duration.milliseconds(50)

  package init(_ byReader: [[Sample]]) {
    let samples = byReader.flatMap(\.self)
    pooled = Quantiles(samples.map(\.value))
    self.byReader = byReader.filter { !$0.isEmpty }.map { $0.map(\.value) }
    byTime = Dictionary(grouping: samples) { $0.at.nanoseconds / Self.slot.inNanoseconds }
      .values.map { $0.map(\.value) }
  }

  /// How many independent samples they are worth for this quantile of all of them.
  ///
  /// A stall that holds up one reader's stream makes many samples late and is one event, and so is one that holds up all
  /// readers for a moment. The samples are divided by the design effect (Kish, 1965): how much more the numbers of
  /// samples beyond the quantile differ from reader to reader, or from moment to moment, than those of independent
  /// samples would; the worse of the two counts. One reader alone is one sample, since nothing tells what another one
  /// would have seen.
  package func effectiveCount(at quantile: Double) -> Int {
    guard let threshold = pooled.value(at: quantile) else { return 0 }
    return [byReader, byTime].map { Self.effectiveCount(of: $0, beyond: threshold) }.min() ?? 0
  }

  private static func effectiveCount(of clusters: [[Double]], beyond threshold: Double) -> Int {
    let count = clusters.reduce(0) { $0 + $1.count }
    guard clusters.count > 1 else { return min(1, count) }
    let beyond = clusters.map { samples in Double(samples.count { $0 > threshold }) }
    let share = beyond.reduce(0, +) / Double(count)
    guard share > 0 else { return count }
    let spread = zip(beyond, clusters).reduce(0) { sum, cluster in
      let surprise = cluster.0 - share * Double(cluster.1.count)
      return sum + surprise * surprise
    }
    let independent = Double(count) / Double(clusters.count) * share * (1 - share)
    let designEffect = max(1, spread / Double(clusters.count - 1) / independent)
    return Int(Double(count) / designEffect)
  }
}
