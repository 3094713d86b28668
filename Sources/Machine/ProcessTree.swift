import Foundation
import MonotonicTime

/// A process and all that it has started, such as a proxy's workers.
public enum ProcessTree {
  /// The process itself first. One that ends meanwhile may be missing.
  public static func members(under process: Int32) -> [Int32] {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    let children = threads.flatMap {
      systemText("/proc/\(process)/task/\($0)/children").split(separator: " ").compactMap { Int32($0) }
    }
    return [process] + children.flatMap(members)
  }

  /// User and system time of them all.
  public static func processorTime(of processes: [Int32]) -> Duration {
    processes.compactMap { ProcessUsage(of: $0)?.processorTime }.reduce(.zero, +)
  }
}
