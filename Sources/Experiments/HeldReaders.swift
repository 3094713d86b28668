import Answers
import LabClient
import Machine
import Measurement
import MonotonicTime
import Readings
import Results
import Wire

/// Readers that were held open together to see what they cost in memory, each.
struct HeldReaders {
  var connections: Int
  var residentBytes: Double
  var kernelBytes: Double

  private static let patience = Duration.seconds(60)

  /// Holds connections open to a server of its own, whose memory nobody used before.
  /// - Throws: `ExperimentError` that says why it could not be measured.
  static func measure(
    _ variant: Variant, _ count: Int, executable: String, arguments: [String], _ reader: Reader
  ) async throws -> HeldReaders {
    let server = try ServerProcess(executable: executable, arguments: arguments)
    defer { server.stop() }
    var plan = ReadingPlan(
      server: server.address, variant: variant,
      expected: ExpectedTokens(
        Question(prompt: "Hush", tokenCount: 1, pacing: Pacing(think: .seconds(3_600)))))
    plan.variant.pollInterval = .seconds(120)
    plan.variant.wait = .seconds(100)
    // It is the server that is measured, and nobody stands before it.
    plan.variant.http = .clear
    // They end with the server, whatever the variant's readers do elsewhere.
    plan.recovery = .none
    // One reader first, so that what is made once is not counted.
    plan.limit = .milliseconds(50)
    _ = await reader.read(plan)
    let machine = MachineState()
    let before = try usage(of: server)

    plan.limit = patience * 2
    let held = plan
    let address = server.address
    return try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<count { group.addTask { await reader.read(held).failure ?? "its answer came" } }
      // Its end is theirs.
      defer { server.stop() }
      group.addTask { try await untilConnected(count, address, reader) }
      if let ended = try await group.next() ?? nil {
        throw ExperimentError("one of \(count) idle readers stopped waiting: \(ended)")
      }
      let after = try usage(of: server)
      let kernel = MachineState().kernelBytes - machine.kernelBytes
      return HeldReaders(
        connections: count, residentBytes: Double(after.residentBytes - before.residentBytes) / Double(count),
        kernelBytes: Double(kernel) / 2 / Double(count))
    }
  }

  private static func usage(of server: ServerProcess) throws -> ProcessUsage {
    guard let usage = ProcessUsage(of: server.processIdentifier) else {
      throw ExperimentError("the server has exited, or no file descriptor is left to inspect it with")
    }
    return usage
  }

  /// The one that asks is connected too. Bounded, for a server that refuses some: what fewer cost is no
  /// measurement of what so many cost.
  /// - Returns: nil, where the readers return why they wait no more.
  private static func untilConnected(_ count: Int, _ server: ServerAddress, _ reader: Reader) async throws
    -> String?
  {
    let giveUp = Instant.now.advanced(by: patience)
    var connected = 0.0
    while Instant.now < giveUp {
      let text = (try? await reader.get("/metrics", from: server)) ?? ""
      connected = metric("pushlab_connections", in: text) ?? 0
      if connected > Double(count) { return nil }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw ExperimentError(
      "only \(max(0, Int(connected) - 1)) of \(count) idle readers connected in time: stop other programs on this machine"
    )
  }
}

extension MemoryMeasurement {
  mutating func add(_ held: HeldReaders) {
    residentBytes.append(held.residentBytes)
    kernelBytes.append(held.kernelBytes)
  }
}
