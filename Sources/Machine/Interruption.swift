import Foundation
import Synchronization

/// A signal as a wish: what is under way comes to an end first. A second one ends the command at once, but for one that
/// comes with the first: a terminal and whoever started the command may both send it.
public enum Interruption {
  private static let number = Atomic<Int32>(0)
  private static let wishedAt = Atomic<Int64>(0)

  public static var isWished: Bool { number.load(ordering: .relaxed) > 0 }

  /// What a shell would say of a command that the signal ended.
  public static var exitCode: Int32 { 128 + number.load(ordering: .relaxed) }

  /// In nanoseconds.
  private static let together: Int64 = 500_000_000

  /// Takes Ctrl-C, the word to end and a terminal's end from the system.
  public static func take(_ numbers: [Int32] = [SIGINT, SIGTERM, SIGHUP]) {
    // The counters are made before a signal can ask for them.
    _ = (isWished, wishedAt.load(ordering: .relaxed))
    for number in numbers { signal(number) { Interruption.note($0) } }
  }

  /// Called within a signal's handler: atomics and `clock_gettime` alone (signal-safety(7)).
  private static func note(_ signal: Int32) {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    if number.compareExchange(expected: 0, desired: signal, ordering: .relaxed).exchanged {
      wishedAt.store(now, ordering: .relaxed)
    } else if now - wishedAt.load(ordering: .relaxed) > together {
      _exit(128 + signal)
    }
  }
}
