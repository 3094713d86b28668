import Synchronization

/// The word to stop, which any thread may leave for the loop's.
final class Mailbox: Sendable {
  let bell = Bell()
  private let stopping = Atomic(false)

  deinit {
    bell.remove()
  }

  func stop() {
    stopping.store(true, ordering: .releasing)
    bell.ring()
  }

  var isStopping: Bool {
    stopping.load(ordering: .acquiring)
  }
}
