import Foundation

/// The lines of standard input, as they come.
final class CommandLines {
  private var pending: [UInt8] = []

  /// Reads what is there.
  /// - Returns: the lines that are whole; nil at the end.
  func read() -> [String]? {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = Glibc.read(STDIN_FILENO, &bytes, bytes.count)
    guard count > 0 else { return nil }
    pending += bytes.prefix(count)
    var lines = pending.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    pending = Array(lines.removeLast())
    return lines.map { String(decoding: $0, as: UTF8.self) }
  }
}
