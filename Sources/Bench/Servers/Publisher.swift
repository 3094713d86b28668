import Foundation
import MonotonicTime
import Synchronization

/// Posts each token of a load at its instant, on a thread of its own: an open loop, which does not wait for the
/// readers.
final class Publisher: Sendable {
  private let state = Mutex(State())
  private let isOver = DispatchSemaphore(value: 0)

  private struct State {
    var worstLateness = Duration.zero
    var failure: String?
    var isStopped = false
  }

  /// - Throws: where the server cannot be reached.
  init(_ load: Load, port: Int) throws {
    // Used by the thread alone from here on.
    nonisolated(unsafe) let connection = try AskedConnection(port: port)
    let requests = load.payloads.map { RequestBytes.post("/publish", "application/json", $0) }
    let thread = Thread { [self] in
      publish(requests, load, connection)
      isOver.signal()
    }
    thread.start()
  }

  private func publish(_ requests: [[UInt8]], _ load: Load, _ connection: AskedConnection) {
    for (index, request) in requests.enumerated() {
      let instant = load.first.advanced(by: load.gap * index)
      guard sleep(until: instant) else { return }
      let lateness = instant.duration(to: .now)
      state.withLock { $0.worstLateness = max($0.worstLateness, lateness) }
      do {
        let status = try connection.answer(to: request).status
        if status / 100 != 2 { throw BenchError("a token was answered with \(status)") }
      } catch {
        state.withLock { $0.failure = "publishing: \(error)" }
        return
      }
    }
  }

  /// - Returns: false where it is to stop.
  private func sleep(until instant: Instant) -> Bool {
    while true {
      if state.withLock({ $0.isStopped }) { return false }
      let left = Instant.now.duration(to: instant).inNanoseconds
      guard left > 0 else { return true }
      var time = timespec(tv_sec: 0, tv_nsec: Int(min(left, 100_000_000)))
      nanosleep(&time, nil)
    }
  }

  /// Stops it, and waits until it is over.
  /// - Returns: how late it was at the worst, and what went wrong.
  func finish() -> (worstLateness: Duration, failure: String?) {
    state.withLock { $0.isStopped = true }
    isOver.wait()
    return state.withLock { ($0.worstLateness, $0.failure) }
  }
}
