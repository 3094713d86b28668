import MonotonicTime

/// When readers ask that do so at an interval: each once a round, one after the other across it, as strangers
/// would. The order never changes, so what is due is found at once.
struct PollRounds {
  private let readers: Int
  private let interval: Int64
  private var started: Int64?
  /// How many have asked since the start.
  private var asked = 0

  /// - Parameter interval: nil for readers that have none, which never ask here.
  init(readers: Int, interval: Duration?) {
    self.readers = readers
    self.interval = interval?.inNanoseconds ?? 0
  }

  mutating func start(at instant: Instant) {
    if interval > 0, readers > 0 { started = instant.nanoseconds }
  }

  /// When somebody asks next.
  var next: Instant? {
    guard let started else { return nil }
    let (round, place) = asked.quotientAndRemainder(dividingBy: readers)
    return Instant(
      nanoseconds: started + Int64(round) * interval + interval * Int64(place) / Int64(readers))
  }

  /// Whoever is to ask by now, one a call.
  mutating func nextDue(at now: Instant) -> Int? {
    guard let next, next <= now else { return nil }
    defer { asked += 1 }
    return asked % readers
  }
}
