import Glibc
import Measurement
import MonotonicTime

/// What some processes, and this one, have used so far.
struct Usage {
  private let server: [ProcessUsage]
  private let readers: ProcessUsage?
  let at = Instant.now

  init(of processes: [Int32]) {
    server = processes.compactMap { ProcessUsage(of: $0) }
    readers = ProcessUsage(of: getpid())
  }

  var residentBytes: Int { server.reduce(0) { $0 + $1.residentBytes } }

  /// User and system time of the server since an earlier look.
  func serverTime(since earlier: Usage) -> Duration {
    zip(server, earlier.server).reduce(.zero) { $0 + $1.0.processorTime - $1.1.processorTime }
  }

  /// The share of a processor that the server used since then.
  func serverShare(since earlier: Usage) -> Double {
    serverTime(since: earlier).inSeconds / max(1e-9, earlier.at.duration(to: at).inSeconds)
  }

  /// The longest that a thread of either side waited for a processor, as a share of the time.
  func longestWait(since earlier: Usage) -> Double {
    let servers = zip(server, earlier.server).map { $0.0.longestWait(since: $0.1) }
    let own = readers.flatMap { readers in earlier.readers.map { readers.longestWait(since: $0) } }
    return (servers + [own ?? 0]).max()!
  }

  /// The share that the readers, and the publisher, used.
  func readersShare(since earlier: Usage) -> Double {
    guard let readers, let before = earlier.readers else { return 0 }
    return readers.share(since: before)
  }
}
