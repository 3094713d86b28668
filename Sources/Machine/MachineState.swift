import Foundation
import MonotonicTime

/// What the machine as a whole says of itself.
public struct MachineState: Sendable {
  /// Ticks of all processors, and those that the host gave to others.
  var ticks = 0
  var stolenTicks = 0
  /// The wall clock less the monotonic one: moves only when the clock is set.
  public private(set) var clockOffset = Duration.zero
  /// What the kernel holds for its objects, sockets among them, and in sockets' queues.
  public var kernelBytes = 0

  public init() {
    let fields = systemText("/proc/stat").prefix { $0 != "\n" }.split(separator: " ").dropFirst().compactMap {
      Int($0)
    }
    ticks = fields.prefix(8).reduce(0, +)
    stolenTicks = fields.count > 7 ? fields[7] : 0
    clockOffset = .nanoseconds(Int64(Date().timeIntervalSince1970 * 1e9) - Instant.now.nanoseconds)
    kernelBytes = Self.slabBytes + Self.socketQueueBytes
  }

  private static var slabBytes: Int {
    let line = systemText("/proc/meminfo").split(separator: "\n").first { $0.hasPrefix("Slab:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1_024
  }

  private static var socketQueueBytes: Int {
    let line = systemText("/proc/net/sockstat").split(separator: "\n").first { $0.hasPrefix("TCP:") }
    return (line?.split(separator: " ").last.flatMap { Int($0) } ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// The share of the processors' time that the host gave to others since an earlier look.
  public func stealShare(since earlier: MachineState) -> Double {
    let passed = ticks - earlier.ticks
    return passed > 0 ? Double(stolenTicks - earlier.stolenTicks) / Double(passed) : 0
  }
}
