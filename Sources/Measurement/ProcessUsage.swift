import Foundation
import MonotonicTime

/// What Linux has counted for a process so far, all its threads together.
public struct ProcessUsage: Sendable {
  /// User and system time, from the scheduler's own account in nanoseconds.
  public var processorTime = Duration.zero
  /// How long each thread could have run and waited for a processor, by its number.
  public var waits: [Int32: Duration] = [:]
  /// Voluntary and forced ones.
  public var contextSwitches = 0
  public var residentBytes = 0
  public var at = Instant.now

  /// - Returns: nil where the process has ended, or where this one has no descriptor left to look with.
  public init?(of process: Int32) {
    let root = "/proc/\(process)"
    guard let threads = try? FileManager.default.contentsOfDirectory(atPath: root + "/task") else {
      return nil
    }
    for thread in threads {
      let account = text("\(root)/task/\(thread)/schedstat").split(separator: " ")
      processorTime += .nanoseconds(account.first.flatMap { Int64($0) } ?? 0)
      if let number = Int32(thread), account.count > 1 {
        waits[number] = .nanoseconds(Int64(account[1]) ?? 0)
      }
      for line in text("\(root)/task/\(thread)/status").split(separator: "\n")
      where line.contains("ctxt_switches") {
        contextSwitches += Int(line.split(separator: "\t").last ?? "") ?? 0
      }
    }
    let pages = text(root + "/statm").split(separator: " ")
    // One that has ended and was not waited for has none.
    guard pages.count > 1, let resident = Int(pages[1]), resident > 0 else { return nil }
    residentBytes = resident * Int(sysconf(Int32(_SC_PAGESIZE)))
    at = .now
  }

  /// The longest that one of its threads waited for a processor since an earlier look, as a share of the time: at most 1,
  /// though the kernel books a wait when it ends, and so may book more than the time between the looks.
  public func longestWait(since earlier: ProcessUsage) -> Double {
    let wall = earlier.at.duration(to: at).inSeconds
    let waits = waits.compactMap { thread, waited in earlier.waits[thread].map { waited - $0 } }
    return wall > 0 ? min(1, (waits.max() ?? .zero).inSeconds / wall) : 0
  }

  /// The share of one processor used since an earlier look.
  public func share(since earlier: ProcessUsage) -> Double {
    let wall = earlier.at.duration(to: at).inSeconds
    return wall > 0 ? (processorTime - earlier.processorTime).inSeconds / wall : 0
  }
}

/// What the machine as a whole says of itself.
public struct MachineState: Sendable {
  /// Ticks of all processors, and those that the host gave to others.
  var ticks = 0
  var stolenTicks = 0
  /// The wall clock less the monotonic one: moves only when the clock is set.
  var clockOffset = Duration.zero
  /// What the kernel holds for its objects, sockets among them, and in sockets' queues.
  public var kernelBytes = 0

  public init() {
    let fields = text("/proc/stat").prefix { $0 != "\n" }.split(separator: " ").dropFirst().compactMap {
      Int($0)
    }
    ticks = fields.prefix(8).reduce(0, +)
    stolenTicks = fields.count > 7 ? fields[7] : 0
    clockOffset = .nanoseconds(Int64(Date().timeIntervalSince1970 * 1e9) - Instant.now.nanoseconds)
    kernelBytes = Self.slabBytes + Self.socketQueueBytes
  }

  private static var slabBytes: Int {
    let line = text("/proc/meminfo").split(separator: "\n").first { $0.hasPrefix("Slab:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1_024
  }

  private static var socketQueueBytes: Int {
    let line = text("/proc/net/sockstat").split(separator: "\n").first { $0.hasPrefix("TCP:") }
    return (line?.split(separator: " ").last.flatMap { Int($0) } ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// The share of the processors' time that the host gave to others since an earlier look.
  public func stealShare(since earlier: MachineState) -> Double {
    let passed = ticks - earlier.ticks
    return passed > 0 ? Double(stolenTicks - earlier.stolenTicks) / Double(passed) : 0
  }

  /// What happened to the machine since an earlier look that a measurement should not have suffered.
  public func doubts(since earlier: MachineState) -> [Doubt] {
    var doubts: [Doubt] = []
    let share = stealShare(since: earlier)
    if share > 0.02 { doubts.append(.steal(share: share)) }
    let step = (clockOffset - earlier.clockOffset).inMilliseconds
    if abs(step) > 5 { doubts.append(.clockStep(milliseconds: step)) }
    return doubts
  }
}

private func text(_ path: String) -> String {
  (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
}
