import MonotonicTime

/// An action that the loop runs once its instant has come; it can be set again and again.
public final class Timer {
  let action: (Instant) -> Void
  fileprivate(set) var due = Instant(nanoseconds: 0)
  fileprivate var position: Int?

  /// - Parameter action: receives the loop's clock reading for this turn, at or after the due instant.
  public init(_ action: @escaping (Instant) -> Void) {
    self.action = action
  }

  /// Whether it waits in a queue.
  public var isSet: Bool { position != nil }
}

/// Timers ordered by their instants: a heap in which each timer knows its place, so that one can be taken out or
/// moved in O(log n). Held polls cancel far more often than they run out.
///
/// With thousands of streams each step of the way is a miss of the processor's cache. So an instant stands beside its
/// timer, and each entry has four others below it, which lie together.
package struct DueQueue {
  private struct Entry {
    let due: Instant
    let timer: Timer
  }

  private var heap: [Entry] = []

  package init() {}

  /// The earliest instant, if any timer is set.
  package var next: Instant? { heap.first?.due }

  package mutating func set(_ timer: Timer, due: Instant) {
    timer.due = due
    let entry = Entry(due: due, timer: timer)
    if let position = timer.position {
      settle(entry, from: position)
    } else {
      heap.append(entry)
      raise(entry, from: heap.count - 1)
    }
  }

  package mutating func remove(_ timer: Timer) {
    guard let position = timer.position else { return }
    timer.position = nil
    let last = heap.removeLast()
    if position < heap.count { settle(last, from: position) }
  }

  /// Takes out the earliest timer if it is due.
  package mutating func popDue(at now: Instant) -> Timer? {
    guard let first = heap.first, first.due <= now else { return nil }
    remove(first.timer)
    return first.timer
  }

  private mutating func put(_ entry: Entry, at position: Int) {
    heap[position] = entry
    entry.timer.position = position
  }

  /// Puts an entry into a free place, or above or below it.
  private mutating func settle(_ entry: Entry, from position: Int) {
    if position > 0, entry.due < heap[(position - 1) / 4].due {
      raise(entry, from: position)
    } else {
      lower(entry, from: position)
    }
  }

  private mutating func raise(_ entry: Entry, from start: Int) {
    var free = start
    while free > 0 {
      let parent = (free - 1) / 4
      guard entry.due < heap[parent].due else { break }
      put(heap[parent], at: free)
      free = parent
    }
    put(entry, at: free)
  }

  private mutating func lower(_ entry: Entry, from start: Int) {
    var free = start
    while true {
      let first = 4 * free + 1
      guard first < heap.count else { break }
      var least = first
      for child in (first + 1)..<max(first + 1, min(first + 4, heap.count))
      where heap[child].due < heap[least].due { least = child }
      guard heap[least].due < entry.due else { break }
      put(heap[least], at: free)
      free = least
    }
    put(entry, at: free)
  }
}
