import MonotonicTime

/// Something that the loop calls once an instant has come; it can be set again and again, and is kept while it is set.
public protocol DueAction: AnyObject {
  /// - Parameter now: the loop's clock reading for this turn, at or after the instant.
  func comeDue(at now: Instant)
  /// Where the queue keeps it; the queue's alone to change.
  var duePlace: DuePlace { get set }
}

/// Whether something waits for its instant, and where.
public enum DuePlace {
  case nowhere
  case waiting(slot: Int)
  /// Its instant has come, and it is being called.
  case beingCalled(slot: Int)

  fileprivate var slot: Int? {
    switch self {
    case .nowhere: nil
    case .waiting(let slot), .beingCalled(let slot): slot
    }
  }
}

extension DueAction {
  /// Whether it waits for an instant.
  public var isSet: Bool { if case .waiting = duePlace { true } else { false } }
}

/// The simplest such thing: a closure.
public final class Timer: DueAction {
  private let action: (Instant) -> Void
  public var duePlace = DuePlace.nowhere

  public init(_ action: @escaping (Instant) -> Void) {
    self.action = action
  }

  public func comeDue(at now: Instant) {
    action(now)
  }
}

/// What is due, ordered by instants: a heap whose entries can be found, so that one can be taken out or moved in
/// O(log n). Deadlines are taken back far more often than they come.
///
/// With thousands of streams each thing touched is a miss of the processor's cache. So a move touches flat arrays alone,
/// and each entry of the heap has four others below it, which lie together.
package struct DueQueue {
  private struct Entry {
    let due: Instant
    let slot: Int
  }

  private var heap: [Entry] = []
  /// By slot: where in the heap its entry stands, and whose it is.
  private var positions: [Int] = []
  private var actions: [(any DueAction)?] = []
  private var freeSlots: [Int] = []

  package init() {}

  /// The earliest instant, if anything is set.
  package var next: Instant? { heap.first?.due }

  package mutating func set(_ action: any DueAction, due: Instant) {
    if let slot = action.duePlace.slot {
      action.duePlace = .waiting(slot: slot)
      settle(Entry(due: due, slot: slot), from: positions[slot])
    } else {
      let slot = takeSlot(for: action)
      action.duePlace = .waiting(slot: slot)
      let entry = Entry(due: due, slot: slot)
      heap.append(entry)
      raise(entry, from: heap.count - 1)
    }
  }

  package mutating func remove(_ action: any DueAction) {
    guard let slot = action.duePlace.slot else { return }
    action.duePlace = .nowhere
    actions[slot] = nil
    freeSlots.append(slot)
    let last = heap.removeLast()
    if last.slot != slot { settle(last, from: positions[slot]) }
  }

  /// The earliest if it is due, to be called. It is no longer set, but keeps its entry until `didCall`: most set
  /// themselves again meanwhile, and the entry then moves once.
  package mutating func takeDue(at now: Instant) -> (any DueAction)? {
    guard let first = heap.first, first.due <= now, let action = actions[first.slot] else { return nil }
    action.duePlace = .beingCalled(slot: first.slot)
    return action
  }

  /// To be told when what `takeDue` gave has been called.
  package mutating func didCall(_ action: any DueAction) {
    if case .beingCalled = action.duePlace { remove(action) }
  }

  private mutating func takeSlot(for action: any DueAction) -> Int {
    if let slot = freeSlots.popLast() {
      actions[slot] = action
      return slot
    }
    actions.append(action)
    positions.append(0)
    return actions.count - 1
  }

  private mutating func put(_ entry: Entry, at position: Int) {
    heap[position] = entry
    positions[entry.slot] = position
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
