import Answers
import MonotonicTime
import Synchronization

/// An answer of a model upstream: what has arrived and was not taken yet. It is filled by a task and emptied by whoever
/// keeps the stream.
final class UpstreamAnswer: AnswerTokens, Sendable {
  private struct State {
    var arrived: [NextToken] = []
    var taken = 0
    var task: Task<Void, Never>?
    var isCancelled = false
  }

  private let state = Mutex(State())
  private let start: Instant
  private let whenMore: @Sendable () -> Void

  init(start: Instant, whenMore: @escaping @Sendable () -> Void) {
    self.start = start
    self.whenMore = whenMore
  }

  deinit {
    cancel()
  }

  /// - Parameter body: reads the answer, and returns how it ended.
  func read(_ body: @escaping @Sendable () async -> Ending) {
    // The task holds it no longer than reading takes.
    let task = Task { [weak self] in
      let ending = await body()
      self?.add(.end(ending))
    }
    state.withLock { state in
      state.task = task
      if state.isCancelled { task.cancel() }
    }
  }

  func add(_ text: String, at arrived: Instant) {
    add(.token(text, at: start.duration(to: arrived)))
  }

  private func add(_ token: NextToken) {
    state.withLock { $0.arrived.append(token) }
    whenMore()
  }

  func next() -> NextToken {
    state.withLock { state in
      guard state.taken < state.arrived.count else {
        state.arrived.removeAll(keepingCapacity: true)
        state.taken = 0
        return .notYet
      }
      defer { state.taken += 1 }
      return state.arrived[state.taken]
    }
  }

  func cancel() {
    state.withLock { state in
      state.isCancelled = true
      state.task?.cancel()
    }
  }
}
