/// A request whose head was read whole.
public struct Request: Sendable {
  /// The methods that libwebsockets parses; it closes a connection that sends any other.
  public enum Method: String, CaseIterable, Sendable {
    case get = "GET"
    case post = "POST"
    case options = "OPTIONS"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case connect = "CONNECT"
    case head = "HEAD"
  }

  public var method: Method
  /// As it stands in the request line, such as `HTTP/1.1`; empty where that names none.
  public var version: String
  /// Percent-decoded, without the query; begins with a slash, dot segments already removed.
  public var path: String
  /// Decoded, in the order in which it came. A name without `=` has an empty value.
  public var query: [(name: String, value: String)]
  /// The header fields that the service asked for, names in lower case, lines of one name joined by commas.
  /// A field left out is absent; one that cannot be read, because it is not UTF-8 or over 4,096 bytes long, is
  /// empty: it must not pass for one left out.
  public var fields: [String: String]
  /// Empty where the request has none.
  public var body: [UInt8]

  public init(
    method: Method, path: String, query: [(name: String, value: String)] = [], fields: [String: String] = [:],
    body: [UInt8] = [], version: String = "HTTP/1.1"
  ) {
    self.method = method
    self.version = version
    self.path = path
    self.query = query
    self.fields = fields
    self.body = body
  }
}
