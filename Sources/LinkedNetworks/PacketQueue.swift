import MonotonicTime

/// Packets on their way, taken out when they are due: a binary heap.
struct PacketQueue {
  private struct Entry {
    var due: Instant
    /// Those that are due at once come out as they came in.
    var number: Int
    var bytes: [UInt8]

    static func < (left: Entry, right: Entry) -> Bool {
      left.due == right.due ? left.number < right.number : left.due < right.due
    }
  }

  private var heap: [Entry] = []
  private var count = 0

  var firstDue: Instant? { heap.first?.due }

  mutating func insert(_ bytes: [UInt8], due: Instant) {
    count += 1
    heap.append(Entry(due: due, number: count, bytes: bytes))
    var place = heap.count - 1
    while place > 0, heap[place] < heap[(place - 1) / 2] {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// Lets all of them come out by then, in the order in which they were sent.
  mutating func hasten(to instant: Instant) {
    heap.sort { $0.number < $1.number }
    for place in heap.indices { heap[place].due = instant }
  }

  /// Traps where there is none.
  mutating func removeFirst() -> [UInt8] {
    heap.swapAt(0, heap.count - 1)
    let first = heap.removeLast()
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child] < heap[least] {
        least = child
      }
      guard least != place else { return first.bytes }
      heap.swapAt(place, least)
      place = least
    }
  }
}
