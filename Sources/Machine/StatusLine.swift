import Glibc
import PlainText

/// One line on the terminal that says how far something is, written over again and again; nothing where standard
/// error is no terminal.
public struct StatusLine: Sendable {
  private let isTerminal = StandardError.isTerminal

  public init() {}

  /// - Parameter text: what does not fit the terminal's line is left out, as the rest of it could not be taken back.
  public func show(_ text: String) {
    guard isTerminal else { return }
    StandardError.write("\r\u{1B}[K" + text.onOneLine.prefix(cells: Self.columns - 1))
  }

  public func clear() {
    if isTerminal { StandardError.write("\r\u{1B}[K") }
  }

  private static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
