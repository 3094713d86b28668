import LabClient
import Measurement
import MonotonicTime
import TokenStream
import Wire

/// What a reader that waits costs in memory.
public struct MemoryMeasurement: Sendable, Codable {
  /// How many were held open at a time.
  public var connections: Int
  /// Growth of the server's resident memory over them.
  public var residentBytes: Double
  /// Growth of the kernel's memory over them, objects and queues. Both ends are on this machine, so it is
  /// halved.
  public var kernelBytes: Double

  private static let count = 400

  /// Holds connections open to a server of its own, whose memory nobody used before.
  /// - Throws: `ExperimentError` that says why it could not be measured.
  static func measure(_ variant: Variant, executable: String, _ reader: Reader) async throws
    -> MemoryMeasurement
  {
    let server = try ServerProcess(executable: executable)
    defer { server.stop() }
    var plan = ReadingPlan(
      server: server.address, variant: variant,
      expected: ExpectedTokens(
        Question(prompt: "Hush", tokenCount: 1, pacing: Pacing(think: .seconds(3_600)))))
    plan.variant.pollInterval = .seconds(60)
    plan.variant.wait = .seconds(100)
    // One reader first, so that what is made once is not counted.
    plan.limit = .milliseconds(50)
    _ = await reader.read(plan)
    let machine = MachineState()
    let before = try usage(of: server)

    plan.limit = .seconds(10)
    let held = plan
    return try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<count { group.addTask { _ = await reader.read(held) } }
      // Its end is theirs.
      defer { server.stop() }
      try await untilConnected(server, reader)
      let after = try usage(of: server)
      let kernel = MachineState().kernelBytes - machine.kernelBytes
      return MemoryMeasurement(
        connections: count, residentBytes: Double(after.residentBytes - before.residentBytes) / Double(count),
        kernelBytes: Double(kernel) / 2 / Double(count))
    }
  }

  private static func usage(of server: ServerProcess) throws -> ProcessUsage {
    guard let usage = ProcessUsage(of: server.processIdentifier) else {
      throw ExperimentError("the server is gone, or there is no descriptor left to look at it with")
    }
    return usage
  }

  /// The one that asks is connected too. Bounded, for a server that refuses some: what fewer cost is no
  /// measurement of what so many cost.
  private static func untilConnected(_ server: ServerProcess, _ reader: Reader) async throws {
    let giveUp = Instant.now.advanced(by: .seconds(5))
    var connected = 0.0
    while Instant.now < giveUp {
      let text = (try? await reader.get("/metrics", from: server.address)) ?? ""
      connected = metric("pushlab_connections", in: text) ?? 0
      if connected > Double(count) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw ExperimentError(
      "of \(count) waiting readers \(max(0, Int(connected) - 1)) were connected in time: more descriptors "
        + "('ulimit -n 20000') may help")
  }
}
