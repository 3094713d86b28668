import Bench
import Foundation
import MonotonicTime

/// One line on the terminal that says how far the bench is; nothing where standard error is no terminal.
struct Progress {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let start = Instant.now

  func show(_ turn: BenchResult.Turn, _ done: Int, _ all: Int) {
    guard isTerminal else { return }
    let left = start.duration(to: .now).inSeconds / Double(done) * Double(all - done)
    let who = "\(turn.subject.name), \(turn.readers) readers"
    write(
      "\r\u{1B}[Ktrial \(turn.trial + 1) · \(done) of \(all) · \(who) · about \(Int(left / 60) + 1) min left")
  }

  func clear() {
    if isTerminal { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
