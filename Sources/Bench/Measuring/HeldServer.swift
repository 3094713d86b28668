import Glibc
import Machine
import Measurement
import MonotonicTime

/// A server with readers that wait: what it costs to take and to keep them.
struct HeldServer {
  let processes: [Int32]
  /// The share of a processor that it uses with no readers.
  private(set) var idleShare = 0.0
  private(set) var figures: [Figure: Double] = [:]
  private(set) var doubts: [FigureDoubt] = []
  private let port: Int

  /// Gives it a processor of its own.
  init(_ server: any Contestant, _ processors: Processors) {
    processes = server.processes
    port = server.port
    for process in processes { Processors.pin(process, to: processors.server) }
  }

  mutating func measureIdle() {
    let before = Usage(of: processes)
    usleep(300_000)
    idleShare = Usage(of: processes).serverShare(since: before)
  }

  /// Connects a crowd and measures what that takes.
  /// - Returns: nil where it was not done well before the first token.
  mutating func connect(_ plans: [ReaderPlan], _ load: Load, answersAtOnce: Bool) throws -> Crowd? {
    let deadline = load.first.advanced(by: .milliseconds(-100))
    // One reader first, so that what a server makes once is not counted.
    var alone = load
    alone.readers = 1
    let first = self.crowd([plans[0]], alone)
    _ = try first.connect(answersAtOnce: answersAtOnce, until: deadline)
    let isQuiet = waitUntilQuiet(until: deadline)

    let before = (usage: Usage(of: processes), kernelBytes: MachineState().kernelBytes)
    let crowd = self.crowd(plans, load)
    guard isQuiet, let took = try crowd.connect(answersAtOnce: answersAtOnce, until: deadline) else {
      return nil
    }
    if answersAtOnce { add(took, of: plans.count, since: before.usage) }
    guard waitUntilQuiet(until: deadline) else { return nil }
    if plans.count >= Self.fewestForResident, let after = Usage(of: processes).residentBytes,
      let before = before.usage.residentBytes
    {
      figures[.residentMemory] = Double(after - before) / Double(plans.count) / 1_000
    }
    if plans.count >= Self.fewestForKernel {
      // Both ends of each connection are on this machine.
      let kernel = MachineState().kernelBytes - before.kernelBytes
      figures[.kernelMemory] = Double(kernel) / 2 / Double(plans.count) / 1_000
    }
    return crowd
  }

  /// Memory comes in pages, and the kernel's is the whole machine's.
  static let fewestForResident = 100
  static let fewestForKernel = 1_000

  private func crowd(_ plans: [ReaderPlan], _ load: Load) -> Crowd {
    let arrivals = Arrivals(
      readers: load.readers, gap: load.gap, tokens: load.tokens, measured: load.measured)
    return Crowd(port: port, plans: plans, arrivals: arrivals)
  }

  private mutating func add(_ took: Duration, of connections: Int, since before: Usage) {
    let after = Usage(of: processes)
    figures[.connections] = Double(connections) / took.inSeconds
    figures[.connectionProcessor] = after.serverTime(since: before).map {
      $0.inSeconds * 1e6 / Double(connections)
    }
    doubts += FigureDoubt.ofWaits(after.longestWait(since: before), [.connections])
    doubts += FigureDoubt.ofShares(server: 0, readers: after.readersShare(since: before), [.connections])
  }

  /// Readers that hear nothing yet are taken when the server has nothing more to do.
  /// - Returns: false where it still had.
  private func waitUntilQuiet(until deadline: Instant) -> Bool {
    var before = Usage(of: processes)
    while Instant.now < deadline {
      usleep(30_000)
      let after = Usage(of: processes)
      if after.serverShare(since: before) < idleShare + 0.05 { return true }
      before = after
    }
    return false
  }
}
