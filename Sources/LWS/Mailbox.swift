import Synchronization

/// Jobs that other threads leave for the loop's thread, and the word to stop.
final class Mailbox: Sendable {
  private struct Contents {
    var jobs: [@Sendable () -> Void] = []
    var isStopping = false
  }

  let bell = Bell()
  private let contents = Mutex(Contents())

  deinit {
    bell.remove()
  }

  func post(_ job: @escaping @Sendable () -> Void) {
    contents.withLock { $0.jobs.append(job) }
    bell.ring()
  }

  func stop() {
    contents.withLock { $0.isStopping = true }
    bell.ring()
  }

  var isStopping: Bool {
    contents.withLock { $0.isStopping }
  }

  /// Runs all jobs left so far, in order, on the caller's thread.
  func empty() {
    let jobs = contents.withLock { contents in
      defer { contents.jobs = [] }
      return contents.jobs
    }
    for job in jobs { job() }
  }
}
