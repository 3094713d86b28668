import MonotonicTime

/// Packets on their way, in the order in which they come out.
struct PacketQueue {
  private var packets: [(due: Instant, bytes: [UInt8])] = []
  private var first = 0

  var firstDue: Instant? { first < packets.count ? packets[first].due : nil }

  mutating func append(_ bytes: [UInt8], due: Instant) {
    packets.append((due, bytes))
  }

  /// Lets all of them come out by then.
  mutating func hasten(to instant: Instant) {
    for place in first..<packets.count { packets[place].due = min(packets[place].due, instant) }
  }

  mutating func removeFirst() -> [UInt8] {
    let bytes = packets[first].bytes
    packets[first].bytes = []
    first += 1
    if first >= 1_024, first * 2 >= packets.count {
      packets.removeFirst(first)
      first = 0
    }
    return bytes
  }
}
