import Glibc
import Machine
import Measurement
import MonotonicTime

/// What some processes, and this one, have used so far.
struct Usage {
  /// Of each process; nil for one that has ended, which has no account any more.
  private let server: [ProcessUsage?]
  private let readers: ProcessUsage?
  let at = Instant.now

  init(of processes: [Int32]) {
    server = processes.map { ProcessUsage(of: $0) }
    readers = ProcessUsage(of: getpid())
  }

  /// Nil where a process of the server has ended.
  var residentBytes: Int? {
    server.reduce(0) { sum, process in sum.flatMap { sum in process.map { sum + $0.residentBytes } } }
  }

  /// User and system time of the server since an earlier look; nil where a process of it has ended.
  func serverTime(since earlier: Usage) -> Duration? {
    zip(server, earlier.server).reduce(.zero) { sum, looks in
      guard let sum, let now = looks.0, let before = looks.1 else { return nil }
      return sum + now.processorTime - before.processorTime
    }
  }

  /// The share of a processor that the server used since then; none of one that has ended.
  func serverShare(since earlier: Usage) -> Double {
    (serverTime(since: earlier) ?? .zero).inSeconds / max(1e-9, earlier.at.duration(to: at).inSeconds)
  }

  /// The longest that a thread of either side waited for a processor, as a share of the time.
  func longestWait(since earlier: Usage) -> Double {
    let servers = zip(server, earlier.server).compactMap { now, before in
      before.flatMap { before in now?.longestWait(since: before) }
    }
    let own = readers.flatMap { readers in earlier.readers.map { readers.longestWait(since: $0) } }
    return (servers + [own ?? 0]).max()!
  }

  /// The share that the readers, and the publisher, used.
  func readersShare(since earlier: Usage) -> Double {
    guard let readers, let before = earlier.readers else { return 0 }
    return readers.share(since: before)
  }
}
