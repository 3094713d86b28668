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

extension ScaleAssumptions {
  static let keys = ["readers", "processors", "memory_gb", "network_gbit", "descriptors"]

  init(_ section: Section) throws {
    readers = try section.whole("readers", 1...1_000_000_000, default: 1_000_000)
    processors = try section.whole("processors", 1...10_000, default: 64)
    memoryGigabytes = try section.number("memory_gb", 0.1...1e6, default: 256)
    networkGigabits = try section.number("network_gbit", 0.001...1e5, default: 10)
    descriptors = try section.whole("descriptors", 1...1_000_000_000, default: 1_048_576)
  }
}

/// What so many readers would cost over one transport, reckoned from what few cost.
public struct ScaleEstimate: Sendable {
  public var variant: String
  /// A line through each trial's numbers of readers, read off at the assumed number.
  public var processors: Estimate
  /// Resident and kernel; nil where memory was not measured.
  public var memoryGigabytes: Double?
  /// TCP payload, both directions.
  public var networkGigabits: Double
  public var requestsPerSecond: Double
  /// What is used up first on the assumed machine, and by how many readers.
  public var firstLimit: (name: String, readers: Double)
}

extension RunResult {
  /// By variant, in the table's order; empty where the experiment asks for none.
  public var scale: [ScaleEstimate] {
    guard let assumptions = plan.scale else { return [] }
    var seen: Set<String> = []
    return plan.entries.map(\.variant).filter { seen.insert($0).inserted }
      .compactMap { estimate($0, assumptions) }
  }

  private func estimate(_ variant: String, _ assumptions: ScaleAssumptions) -> ScaleEstimate? {
    let entries = plan.entries.filter { $0.variant == variant }
    let readers = Double(assumptions.readers)
    let processors = Set(trials.map(\.trial)).sorted().compactMap { trial in
      Line(through: entries.compactMap { processorShare(of: $0, trial) })?.value(at: readers)
    }
    guard let largest = entries.max(by: { $0.readers ?? 0 < $1.readers ?? 0 }),
      let needed = Estimate(processors),
      let down = self.estimate(.bytesDown, of: largest.name)?.median,
      let up = self.estimate(.bytesUp, of: largest.name)?.median,
      let requests = self.estimate(.requests, of: largest.name)?.median
    else { return nil }
    let tokensPerSecond = readers * largest.tokenRate
    let gigabits = (down + up) * 8 * tokensPerSecond / 1e9
    let gigabytes = memory[variant].map { ($0.residentBytes + $0.kernelBytes) * readers / 1e9 }
    let shares = [
      ("processors", needed.median / Double(assumptions.processors)),
      ("memory", (gigabytes ?? 0) / assumptions.memoryGigabytes),
      ("network", gigabits / assumptions.networkGigabits),
      ("descriptors", readers / Double(assumptions.descriptors)),
    ]
    let first = shares.max { $0.1 < $1.1 }!
    return ScaleEstimate(
      variant: variant, processors: needed, memoryGigabytes: gigabytes, networkGigabits: gigabits,
      requestsPerSecond: requests * tokensPerSecond, firstLimit: (first.0, readers / first.1))
  }

  /// The processors that the server used while an entry's readers read.
  private func processorShare(of entry: RunPlan.Entry, _ trial: Int) -> (Double, Double)? {
    guard let readers = entry.readers,
      let microseconds = trials.first(where: { $0.trial == trial && $0.entry == entry.name })?
        .values[.serverProcessor]
    else { return nil }
    return (Double(readers), microseconds * 1e-6 * Double(readers) * entry.tokenRate)
  }
}

/// The straight line with the least squares.
struct Line {
  let slope: Double
  let intercept: Double

  /// - Returns: nil where the points do not lie above different places.
  init?(through points: [(x: Double, y: Double)]) {
    let count = Double(points.count)
    let meanX = points.reduce(0) { $0 + $1.x } / count
    let meanY = points.reduce(0) { $0 + $1.y } / count
    let spread = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    guard points.count > 1, spread > 0 else { return nil }
    slope = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) } / spread
    intercept = meanY - slope * meanX
  }

  func value(at x: Double) -> Double { intercept + slope * x }
}
