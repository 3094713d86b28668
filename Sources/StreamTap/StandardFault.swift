import PlainText

/// Where an event stream breaks the standard (WHATWG HTML, section 9.2), or is of no use to those who keep to it.
public enum StandardFault: Hashable, Sendable {
  /// The response is not `200` (section 9.2.2): an EventSource gives up.
  case status(Int)
  /// The response's type, if it has one (section 9.2.2): an EventSource gives up.
  case contentType(String?)
  /// A stream is UTF-8 whatever its type says (section 9.2.6).
  case charset(String)
  /// Bytes that are no UTF-8, which readers replace.
  case notUTF8(line: Int)
  /// A line whose field nobody knows: it is ignored.
  case unknownField(line: Int, String)
  /// A `retry` that is not digits alone: it is ignored.
  case retry(line: Int, String)
  /// An `id` with a NULL: it is ignored.
  case identifierWithNull(line: Int)
  /// An `event` without `data`: it is never dispatched.
  case eventWithoutData(line: Int)
  /// What stands behind the last blank line: it is never dispatched.
  case unfinished(bytes: Int)

  public var text: String {
    switch self {
    case .status(let status): "the status is \(status), and an EventSource takes 200 alone"
    case .contentType(let type):
      "the type is \(type.map { "'\($0.inBrief)'" } ?? "not given"), and an EventSource takes text/event-stream alone"
    case .charset(let charset):
      "the type says '\(charset.inBrief)', and readers take every event stream for UTF-8"
    case .notUTF8(let line): "line \(line) is not UTF-8: readers put U+FFFD for what they cannot read"
    case .unknownField(let line, let field):
      "line \(line) has a field '\(field.inBrief)', which readers ignore: the fields are data, event, id and retry"
    case .retry(let line, let value):
      "line \(line) says 'retry: \(value.inBrief)', which is ignored: it takes digits alone"
    case .identifierWithNull(let line): "line \(line) has an id with a NULL, which is ignored"
    case .eventWithoutData(let line): "line \(line) ends an event without data, which is not dispatched"
    case .unfinished(let bytes): "\(bytes) bytes behind the last blank line are never dispatched"
    }
  }
}
