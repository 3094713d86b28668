import Results

extension ScaleAssumptions {
  static let keys = ["readers", "processors", "memory_gb", "network_gbit", "descriptors"]

  init(_ section: Section) throws {
    self.init(
      readers: try section.whole("readers", 1...1_000_000_000, default: 1_000_000),
      processors: try section.whole("processors", 1...10_000, default: 64),
      memoryGigabytes: try section.number("memory_gb", 0.1...1e6, default: 256),
      networkGigabits: try section.number("network_gbit", 0.001...1e5, default: 10),
      descriptors: try section.whole("descriptors", 1...1_000_000_000, default: 1_048_576))
  }
}
