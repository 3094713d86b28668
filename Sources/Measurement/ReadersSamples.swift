/// What each of several readers saw of one quantity.
struct ReadersSamples {
  let pooled: Quantiles
  private let byReader: [[Double]]

  init(_ byReader: [[Double]]) {
    self.byReader = byReader.filter { !$0.isEmpty }
    pooled = Quantiles(byReader.joined())
  }

  /// How many independent samples they are worth for this quantile of all of them.
  ///
  /// What one reader sees is of a kind: a stall that holds up one reader's stream makes many samples late and is one
  /// event. The samples are divided by the design effect (Kish, 1965): how much more the readers' numbers of samples
  /// beyond the quantile differ from one another than those of independent samples would. One reader alone is one
  /// sample, since nothing tells what another one would have seen.
  func effectiveCount(at quantile: Double) -> Int {
    guard byReader.count > 1, let threshold = pooled.value(at: quantile) else { return min(1, pooled.count) }
    let beyond = byReader.map { samples in Double(samples.count { $0 > threshold }) }
    let share = beyond.reduce(0, +) / Double(pooled.count)
    guard share > 0 else { return pooled.count }
    let readers = Double(byReader.count)
    let spread = zip(beyond, byReader).reduce(0) { sum, reader in
      let surprise = reader.0 - share * Double(reader.1.count)
      return sum + surprise * surprise
    }
    let independent = Double(pooled.count) / readers * share * (1 - share)
    let designEffect = max(1, spread / (readers - 1) / independent)
    return Int(Double(pooled.count) / designEffect)
  }
}
