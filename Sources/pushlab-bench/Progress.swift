import Bench
import Foundation
import MonotonicTime
import Synchronization

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

/// Ctrl-C as a wish: the turn under way ends first, and with it its server. A second one ends the command at once.
enum Interruption {
  private static let count = Atomic<Int>(0)

  static var isWished: Bool { count.load(ordering: .relaxed) > 0 }

  static func take() {
    _ = isWished
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if Interruption.count.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
    }
  }
}
