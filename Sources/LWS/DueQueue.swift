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

/// Timers ordered by their instants: a binary heap in which each timer knows its place, so that one
/// can be taken out or moved in O(log n). Held polls cancel far more often than they run out.
struct DueQueue {
  private var heap: [Timer] = []

  /// The earliest instant, if any timer is set.
  var next: Instant? { heap.first?.due }

  mutating func set(_ timer: Timer, due: Instant) {
    remove(timer)
    timer.due = due
    heap.append(timer)
    timer.position = heap.count - 1
    siftUp(from: heap.count - 1)
  }

  mutating func remove(_ timer: Timer) {
    guard let position = timer.position else { return }
    timer.position = nil
    let last = heap.removeLast()
    guard last !== timer else { return }
    heap[position] = last
    last.position = position
    siftUp(from: position)
    siftDown(from: last.position!)
  }

  /// Takes out the earliest timer if it is due.
  mutating func popDue(at now: Instant) -> Timer? {
    guard let first = heap.first, first.due <= now else { return nil }
    remove(first)
    return first
  }

  private mutating func siftUp(from start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].due < heap[parent].due else { return }
      swap(child, parent)
      child = parent
    }
  }

  private mutating func siftDown(from start: Int) {
    var parent = start
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[child].due < heap[least].due { least = child }
      }
      guard least != parent else { return }
      swap(parent, least)
      parent = least
    }
  }

  private mutating func swap(_ a: Int, _ b: Int) {
    heap.swapAt(a, b)
    heap[a].position = a
    heap[b].position = b
  }
}
