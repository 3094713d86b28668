import Machine
import MonotonicTime

/// What a proxy's processes have used together.
struct EdgeUsage {
  private let processes: [Int32]
  private let processorTime: Duration
  private let at = Instant.now

  init(under process: Int32) {
    processes = ProcessTree.members(under: process)
    processorTime = ProcessTree.processorTime(of: processes)
  }

  /// The share of one processor that was used since an earlier look.
  func share(since earlier: EdgeUsage) -> Double {
    (processorTime - earlier.processorTime).inSeconds / earlier.at.duration(to: at).inSeconds
  }

  /// What was used since an earlier look, less what it takes when nobody reads.
  /// - Parameter idle: that, as a share of one processor.
  /// - Returns: nil where a process has come or gone, and taken its account with it.
  func time(since earlier: EdgeUsage, idle: Double) -> Duration? {
    guard Set(processes) == Set(earlier.processes) else { return nil }
    return processorTime - earlier.processorTime
      - Duration(roundedSeconds: idle * earlier.at.duration(to: at).inSeconds)
  }
}
