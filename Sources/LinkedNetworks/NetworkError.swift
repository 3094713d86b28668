import Foundation
import PlainText

/// Why there is no link, in one line that says what to do.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
  /// An `errno`.
  case namespace(CInt)
  /// An `errno`.
  case device(CInt)
  /// A file that would not take what a link needs.
  case setting(String)
  /// An `errno` of listening there.
  case door(CInt)
  /// What the wire's process, or what starts it, said.
  case wire(String)
  /// What was asked for, and what a measurement of the link showed.
  case unlike(asked: String, seen: String)

  public var description: String {
    switch self {
    case .namespace(let code):
      "no network namespace can be made (\(Self.words(code))): a link needs root, or a kernel that lets users make namespaces"
    case .device(let code):
      "no TUN device can be made (\(Self.words(code))): a link needs /dev/net/tun"
    case .setting(let file): "\(file) cannot be set: a link needs a /proc that may be written to"
    case .door(let code): "nobody can listen at that address: \(Self.words(code))"
    case .wire(let words): "the link did not start: \(words.onOneLine)"
    case .unlike(let asked, let seen):
      "the link is not what was asked for: \(asked) was asked for, and \(seen) was measured. The machine may be too busy, or "
        + "too slow for it"
    }
  }

  private static func words(_ code: CInt) -> String { String(cString: strerror(code)) }
}
