import Foundation

/// SIGINT and SIGTERM as something to wait for.
enum StopSignals {
  /// A pipe, because writing to one is among the few things a signal handler may do.
  private static let pipe = {
    var ends: [CInt] = [0, 0]
    precondition(Glibc.pipe(&ends) == 0, "a process that just started has two descriptors left")
    return (read: ends[0], write: ends[1])
  }()

  /// From now on the signals are ours: to be called once the server runs, since an event library installs
  /// handlers of its own when it starts.
  static func take() {
    _ = pipe
    signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in StopSignals.give() }
    }
  }

  /// Returns once one of them has come.
  static func wait() {
    var byte: UInt8 = 0
    while read(pipe.read, &byte, 1) < 0 {}
  }

  /// Stops at the end of standard input too: a parent's death closes the pipe, however it died.
  static func takeEndOfInput() {
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while read(STDIN_FILENO, &byte, 1) > 0 {}
      give()
    }
  }

  private static func give() {
    var byte: UInt8 = 0
    _ = write(pipe.write, &byte, 1)
  }
}
