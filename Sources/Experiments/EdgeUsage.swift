import Machine
import MonotonicTime

/// What a proxy's processes have used together.
struct EdgeUsage {
  private let processorTime: Duration
  private let at = Instant.now

  init(under process: Int32) {
    processorTime = ProcessTree.processorTime(under: process)
  }

  /// The share of one processor that was used since an earlier look.
  func share(since earlier: EdgeUsage) -> Double {
    (processorTime - earlier.processorTime).inSeconds / earlier.at.duration(to: at).inSeconds
  }

  /// What was used since an earlier look, less what it takes when nobody reads.
  /// - Parameter idle: that, as a share of one processor.
  func time(since earlier: EdgeUsage, idle: Double) -> Duration {
    processorTime - earlier.processorTime
      - Duration(roundedSeconds: idle * earlier.at.duration(to: at).inSeconds)
  }
}
