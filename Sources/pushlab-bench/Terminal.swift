import Foundation

enum Terminal {
  /// Columns of standard output: a terminal's own, at most two hundred.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 120 }
    return min(200, max(40, Int(size.ws_col)))
  }
}
