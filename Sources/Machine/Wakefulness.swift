import CKernel
import Foundation
import Synchronization

/// Keeps the processors from falling asleep while a run lasts.
///
/// A processor with nothing to do sleeps, and waking it takes tens of microseconds, on a virtual machine more
/// than all a transport does for a token; how many depends on whatever else the host does. So each processor
/// is given a process to run that yields to everybody: it takes no time from server or readers, and what is
/// left is what a busy machine would see.
public final class Wakefulness {
  /// From this rate on the processors hardly sleep by themselves, and being preempted at every token would cost
  /// the readers more than being woken.
  public static let busyTokensPerSecond = 5_000.0

  private var processes: [ChildProcess]
  private let wanted: Int

  /// - Parameter executable: the `pushlab` command, whose `keep-awake` does it.
  public init(_ processors: [Int], executable: String) {
    wanted = processors.count
    processes = processors.compactMap { processor in
      try? ChildProcess(executable, ["keep-awake", "--processor", String(processor)], errors: .nothing)
    }
  }

  /// Whether all of them are kept awake: a process that may not take the lowest priority ends at once.
  public var isKept: Bool {
    !processes.isEmpty && processes.count == wanted && processes.allSatisfy(\.isRunning)
  }

  /// Lets them sleep again, and waits until the processes are gone.
  public func stop() {
    for process in processes { try? process.input.close() }
    for process in processes { process.wait() }
    processes = []
  }
}

/// What such a process does.
public enum KeepAwake {
  /// Runs on one processor, behind everybody else, until standard input ends.
  public static func run(on processor: Int) {
    // Without the lowest priority it would take what it is to protect.
    guard ckernel_run_when_idle() == 0 else { return }
    var number = CInt(processor)
    ckernel_pin(0, &number, 1)
    let isOver = Over()
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while read(STDIN_FILENO, &byte, 1) > 0 {}
      isOver.flag.store(true, ordering: .relaxed)
    }
    while !isOver.flag.load(ordering: .relaxed) {}
  }

  private final class Over: Sendable {
    let flag = Atomic(false)
  }
}
