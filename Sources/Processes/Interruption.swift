import Foundation
import Synchronization

/// A signal as a wish: what is under way comes to an end first. A second one ends the command at once.
public enum Interruption {
  private static let count = Atomic<Int>(0)

  public static var isWished: Bool { count.load(ordering: .relaxed) > 0 }

  /// Takes Ctrl-C, and whatever else is named, from the system.
  public static func take(_ numbers: [Int32] = [SIGINT]) {
    // The counter is made before a signal can ask for it.
    _ = isWished
    for number in numbers {
      signal(number) { _ in
        if Interruption.count.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
      }
    }
  }
}
