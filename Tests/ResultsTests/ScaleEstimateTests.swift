import LabClient
import Machine
import Readings
import Testing

@testable import Experiments
@testable import Measurement
@testable import Results

@Suite struct ScaleEstimateTests {
  private static let yaml = """
    title: T
    question: Q
    prediction: P
    stream: {prompt: Why?, tokens: 10, rate: 2}
    conditions: [{name: few, readers: 100}, {name: many, readers: 300}]
    transports: [{transport: websocket}]
    metrics: [server_cpu_us_per_token]
    trials: 6
    scale: {readers: 1000000, processors: 10, memory_gb: 100, network_gbit: 1, descriptors: 2000000}
    """

  /// A server that takes 30 µs per token from few readers, and 15 to 20 from many, with which it is busier.
  private func result(_ yaml: String = yaml, quick: Bool = false) throws -> RunResult {
    let whole = try Experiment(name: "07-x", yaml: yaml, file: "x.yml")
    let experiment = quick ? whole.quick : whole
    var result = RunResult(
      experiment, command: "", environment: RunEnvironment(processors: Processors(), engine: "none"))
    for trial in 0..<6 {
      for (index, entry) in experiment.entries.enumerated() {
        var measurement = TrialMeasurement(entry: entry.name, trial: trial, readings: [])
        measurement.values = [.serverProcessor: index == 0 ? 30 : 15 + Double(trial), .requests: 0.1]
        measurement.values[.bytesDown] = 40
        measurement.values[.bytesUp] = 10
        measurement.serverProcessorShare = index == 0 ? 0.1 : 0.6
        result.trials.append(measurement)
      }
    }
    var memory = MemoryMeasurement(connections: 4_000)
    for bytes in [6_000.0, 7_000, 6_500, 6_100, 6_200, 6_300] {
      memory.add(HeldReaders(connections: 4_000, residentBytes: bytes, kernelBytes: 4_000))
    }
    result.memory["websocket"] = memory
    return result
  }

  @Test func `processors are reckoned from the cost where the server is busiest, as a range`() throws {
    let estimate = try #require(result().scale.first)
    // 2,000,000 tokens per second at 15 to 20 µs each.
    #expect(abs(estimate.processors.lowerBound - 30) < 1e-9)
    #expect(abs(estimate.processors.upperBound - 40) < 1e-9)
    #expect(estimate.busiestShare == 0.6)
    #expect(estimate.memoryGigabytes == 10...11)
    #expect(estimate.networkGigabits == 0.8)
    #expect(estimate.requestsPerSecond == 200_000)
  }

  @Test func `the first limit is the one of which most is used`() throws {
    let processors = try #require(result().scale.first)
    #expect(processors.firstLimit.name == "processors")
    #expect(abs(processors.firstLimit.readers - 250_000) < 1)
    let narrow = Self.yaml.replacing("network_gbit: 1", with: "network_gbit: 0.1")
    let network = try #require(result(narrow).scale.first)
    #expect(network.firstLimit.name == "network")
    #expect(abs(network.firstLimit.readers - 125_000) < 1)
  }

  @Test func `what was not asked for, not measured, or only looked at, is not reckoned`() throws {
    let plain = Self.yaml.split(separator: "\n").dropLast().joined(separator: "\n")
    #expect(try result(plain).scale.isEmpty)
    #expect(try result(quick: true).scale.isEmpty)
    var bare = try result()
    bare.trials = []
    #expect(bare.scale.isEmpty)
  }
}
