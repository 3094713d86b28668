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
      let account = systemText("\(root)/task/\(thread)/schedstat").split(separator: " ")
      processorTime += .nanoseconds(account.first.flatMap { Int64($0) } ?? 0)
      if let number = Int32(thread), account.count > 1 {
        waits[number] = .nanoseconds(Int64(account[1]) ?? 0)
      }
      for line in systemText("\(root)/task/\(thread)/status").split(separator: "\n")
      where line.contains("ctxt_switches") {
        contextSwitches += Int(line.split(separator: "\t").last ?? "") ?? 0
      }
    }
    let pages = systemText(root + "/statm").split(separator: " ")
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

/// A file in which Linux tells something; empty where it does not.
func systemText(_ path: String) -> String {
  (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
}
