import Foundation
import Synchronization

/// Ctrl-C as a wish: what is under way comes to an end first. A second one ends the command at once.
enum Interruption {
  private static let count = Atomic<Int>(0)

  static var isWished: Bool { count.load(ordering: .relaxed) > 0 }

  static func take() {
    _ = isWished
    signal(SIGINT) { _ in
      if Interruption.count.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
    }
  }
}
