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
  public var fields: HeaderFields
  /// Empty where the request has none.
  public var body: [UInt8]

  public init(
    method: Method, path: String, query: [(name: String, value: String)] = [], fields: HeaderFields = [:],
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

/// A request's header fields by name, of which a service asks for a handful: looked through one by one, they are
/// cheaper than hashed.
public struct HeaderFields: Sendable, ExpressibleByDictionaryLiteral {
  private var fields: [(name: String, value: String)]

  public init(dictionaryLiteral fields: (String, String)...) {
    self.fields = fields.map { ($0, $1) }
  }

  public init(_ fields: [String: String]) {
    self.fields = fields.map { ($0.key, $0.value) }
  }

  /// - Parameter name: in lower case.
  public subscript(name: String) -> String? {
    fields.first { $0.name == name }?.value
  }

  /// - Parameter name: in lower case, and not there yet.
  mutating func append(_ name: String, _ value: String) {
    fields.append((name, value))
  }
}
