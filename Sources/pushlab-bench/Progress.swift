import Bench
import Machine
import MonotonicTime

/// Says on the terminal how far the bench is.
struct Progress {
  private let status = StatusLine()
  private let start = Instant.now

  func show(_ turn: BenchResult.Turn, _ done: Int, _ all: Int) {
    let left = start.duration(to: .now).inSeconds / Double(done) * Double(all - done)
    let who = "\(turn.subject.name), \(turn.readers) readers"
    status.show(
      "trial \(turn.trial + 1) · \(done) of \(all) · \(who) · about \(Int(left / 60) + 1) min left")
  }

  func clear() { status.clear() }
}
