import LabClient
import MonotonicTime
import Testing

@testable import Experiments
@testable import Measurement

@Suite struct ScaleEstimateTests {
  private static let yaml = """
    title: T
    question: Q
    prediction: P
    stream: {prompt: Why?, tokens: 10, rate: 2}
    conditions: [{name: few, readers: 100}, {name: many, readers: 300}]
    transports: [{transport: websocket}]
    metrics: [server_cpu_us_per_token]
    trials: 2
    scale: {readers: 1000000, processors: 10, memory_gb: 100, network_gbit: 1, descriptors: 2000000}
    """

  /// A server that uses 0.01 of a processor, and 20 µs for each token.
  private func result(_ yaml: String = yaml) throws -> RunResult {
    let experiment = try Experiment(name: "07-x", yaml: yaml, file: "x.yml")
    var result = RunResult(
      experiment, command: "", environment: RunEnvironment(processors: Processors(), engine: "none"))
    for trial in 0..<2 {
      for (entry, readers) in zip(experiment.entries, [100.0, 300]) {
        var measurement = TrialMeasurement(entry: entry.name, trial: trial, readings: [])
        measurement.values[.serverProcessor] = 20 + 0.01 / (readers * 2) * 1e6
        measurement.values[.bytesDown] = 40
        measurement.values[.bytesUp] = 10
        measurement.values[.requests] = 0.1
        result.trials.append(measurement)
      }
    }
    result.memory["websocket"] = MemoryMeasurement(
      connections: 400, residentBytes: 6_000, kernelBytes: 4_000)
    return result
  }

  @Test func `a line is read off at a million`() throws {
    let estimate = try #require(result().scale.first)
    // 2,000,000 tokens a second at 20 µs each, and the fixed part.
    #expect(abs(estimate.processors.median - 40.01) < 1e-6)
    #expect(estimate.memoryGigabytes == 10)
    #expect(estimate.networkGigabits == 0.8)
    #expect(estimate.requestsPerSecond == 200_000)
  }

  @Test func `the first limit is the one of which most is used`() throws {
    let processors = try #require(result().scale.first)
    #expect(processors.firstLimit.name == "processors")
    #expect(abs(processors.firstLimit.readers - 1e6 * 10 / 40.01) < 1)
    let narrow = Self.yaml.replacing("network_gbit: 1", with: "network_gbit: 0.1")
    let network = try #require(result(narrow).scale.first)
    #expect(network.firstLimit.name == "network")
    #expect(abs(network.firstLimit.readers - 125_000) < 1)
  }

  @Test func `what was not asked for, or not measured, is not reckoned`() throws {
    let plain = Self.yaml.split(separator: "\n").dropLast().joined(separator: "\n")
    #expect(try result(plain).scale.isEmpty)
    var bare = try result()
    bare.trials = []
    #expect(bare.scale.isEmpty)
  }

  @Test func `a line needs two places`() {
    #expect(Line(through: []) == nil)
    #expect(Line(through: [(1, 1), (1, 2)]) == nil)
    #expect(Line(through: [(0, 1), (2, 5)])?.value(at: 3) == 7)
  }
}
