import PlainText

/// Why there is no proxy, in one line that says what to do.
public enum EdgeError: Error, Equatable, CustomStringConvertible {
  case missing(Proxy)
  /// In the system's words.
  case configuration(Proxy, String)
  /// It ended, or never answered; in its own words.
  case notServing(Proxy, String)

  public var description: String {
    switch self {
    case .missing(let proxy):
      "\(proxy.program) is not installed: apt-get install \(proxy.program)"
    case .configuration(let proxy, let words):
      "the configuration of \(proxy.rawValue) cannot be made: \(words.inBrief)"
    case .notServing(let proxy, let words):
      "\(proxy.rawValue) does not serve: \(words.isEmpty ? "it said nothing" : words.inBrief)"
    }
  }
}
