import Synchronization
import TokenStream

/// Streams of whose answers there is more, noted by any thread for the loop's.
final class Arrivals: Sendable {
  private let noted = Mutex<Set<StreamID>>([])

  /// - Returns: whether it is the first since they were taken: the loop has to be told.
  func note(_ id: StreamID) -> Bool {
    noted.withLock { noted in
      defer { noted.insert(id) }
      return noted.isEmpty
    }
  }

  func take() -> Set<StreamID> {
    noted.withLock { noted in
      defer { noted = [] }
      return noted
    }
  }
}
