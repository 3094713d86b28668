import Measurement

/// What an experiment is to be reckoned up to, and the machine that it is held against.
public struct ScaleAssumptions: Codable, Sendable, Hashable {
  /// Readers whose streams are all being typed at once.
  public var readers: Int
  public var processors: Int
  public var memoryGigabytes: Double
  public var networkGigabits: Double
  /// Open files of a process: a connection each (`fs.nr_open`).
  public var descriptors: Int

  public init(
    readers: Int, processors: Int, memoryGigabytes: Double, networkGigabits: Double, descriptors: Int
  ) {
    self.readers = readers
    self.processors = processors
    self.memoryGigabytes = memoryGigabytes
    self.networkGigabits = networkGigabits
    self.descriptors = descriptors
  }
}

/// What so many readers would cost over one transport, reckoned from what few cost.
public struct ScaleEstimate: Sendable {
  public var variant: String
  /// From what a token costs where the server was busiest, which is less than where it has time: the ends of that cost's
  /// interval, or of its trials where it carries none.
  public var processors: ClosedRange<Double>
  /// The share of one processor that the server used there. A server that is busier still may do with fewer.
  public var busiestShare: Double
  /// Resident and kernel; nil where memory was not measured.
  public var memoryGigabytes: ClosedRange<Double>?
  /// TCP payload, both directions.
  public var networkGigabits: Double
  public var requestsPerSecond: Double
  /// What is used up first on the assumed machine, and by how many readers, at the dear ends of the ranges.
  public var firstLimit: (name: String, readers: Double)
}

extension RunResult {
  /// By variant, in the table's order; empty where the experiment asks for none, and for a look, which is too little to
  /// reckon by.
  public var scale: [ScaleEstimate] {
    guard let assumptions = plan.scale, !plan.isQuick else { return [] }
    var seen: Set<String> = []
    return plan.entries.map(\.variant).filter { seen.insert($0).inserted }
      .compactMap { estimate($0, assumptions) }
  }

  private func estimate(_ variant: String, _ assumptions: ScaleAssumptions) -> ScaleEstimate? {
    let entries = plan.entries.filter { $0.variant == variant }
    let readers = Double(assumptions.readers)
    guard let busiest = entries.max(by: { share(of: $0.name) < share(of: $1.name) }),
      let microseconds = estimate(.serverProcessor, of: busiest.name),
      let down = estimate(.bytesDown, of: busiest.name)?.median,
      let up = estimate(.bytesUp, of: busiest.name)?.median,
      let requests = estimate(.requests, of: busiest.name)?.median
    else { return nil }
    let tokensPerSecond = readers * busiest.tokenRate
    let processors = microseconds.range.scaled(by: tokensPerSecond / 1e6)
    let gigabits = (down + up) * 8 * tokensPerSecond / 1e9
    let gigabytes = memory[variant].flatMap { memory in
      memory.resident.flatMap { resident in
        memory.kernel.map { kernel in
          (resident.range.lowerBound + kernel.range.lowerBound)...(resident.range.upperBound
            + kernel.range.upperBound)
        }
      }
    }?.scaled(by: readers / 1e9)
    let shares = [
      ("processors", processors.upperBound / Double(assumptions.processors)),
      ("memory", (gigabytes?.upperBound ?? 0) / assumptions.memoryGigabytes),
      ("network", gigabits / assumptions.networkGigabits),
      ("descriptors", readers / Double(assumptions.descriptors)),
    ]
    let first = shares.max { $0.1 < $1.1 }!
    return ScaleEstimate(
      variant: variant, processors: processors, busiestShare: share(of: busiest.name),
      memoryGigabytes: gigabytes,
      networkGigabits: gigabits, requestsPerSecond: requests * tokensPerSecond,
      firstLimit: (first.0, readers / first.1))
  }

  /// Of one processor, in the median trial.
  private func share(of entry: String) -> Double {
    Quantiles(countedTrials.filter { $0.entry == entry }.map(\.serverProcessorShare)).median ?? 0
  }
}

extension ClosedRange<Double> {
  fileprivate func scaled(by factor: Double) -> Self { (lowerBound * factor)...(upperBound * factor) }
}
