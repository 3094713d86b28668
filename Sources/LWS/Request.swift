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
  /// Percent-decoded, without the query; begins with a slash, dot segments already removed.
  public var path: String
  /// Decoded, in the order in which it came. A name without `=` has an empty value.
  public var query: [(name: String, value: String)]
  /// The header fields that the service asked for, names in lower case. A field left out is absent.
  public var fields: [String: String]
  /// Empty where the request has none.
  public var body: [UInt8]

  public init(
    method: Method, path: String, query: [(name: String, value: String)] = [], fields: [String: String] = [:],
    body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.fields = fields
    self.body = body
  }
}
