import Answers
import MonotonicTime
import Synchronization

/// An answer of a model upstream: what has arrived and was not taken yet. It is filled by the thread that reads and emptied by whoever
/// keeps the stream.
final class UpstreamAnswer: AnswerTokens, Sendable {
  private struct State {
    var arrived: [NextToken] = []
    var taken = 0
    var request: ModelRequest?
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

  func add(_ part: AnswerPart) {
    switch part {
    case .chunk(let chunk, let arrived):
      if let text = chunk.addition { add(.token(text, at: start.duration(to: arrived))) }
    case .ending(let ending): add(.end(ending))
    case .sent, .over: break
    }
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
    request?.cancel()
  }

  /// What fills it.
  var request: ModelRequest? {
    get { state.withLock { $0.request } }
    set { state.withLock { $0.request = newValue } }
  }
}
