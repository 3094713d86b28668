/// A request whose head was read whole.
public struct Request: Sendable {
  /// The methods of RFC 9110, section 9, and PATCH (RFC 5789), without TRACE.
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
  /// `HTTP/1.0`, or `HTTP/1.1`, which later minor versions are read as.
  public var version: String
  /// What it asks for as it stands in the request line.
  public var target: String
  /// Percent-decoded, without the query, dot segments already removed; begins with a slash, but for the `*` that
  /// `OPTIONS` may ask about (RFC 9112, section 3.2.4).
  public var path: String
  /// Decoded, in the order in which it came. A name without `=` has an empty value.
  public var query: [(name: String, value: String)]
  /// The header fields that the service asked for, names in lower case, lines of one name joined by commas.
  /// What is not UTF-8 in one is replaced: a field that is there must not pass for one that is not.
  public var fields: HeaderFields
  /// Empty where the request has none.
  public var body: [UInt8]
  /// Bytes of its head as it came.
  public var headSize: Int

  public init(
    method: Method, path: String, query: [(name: String, value: String)] = [], fields: HeaderFields = [:],
    body: [UInt8] = [], version: String = "HTTP/1.1", target: String? = nil, headSize: Int = 0
  ) {
    self.method = method
    self.version = version
    self.target = target ?? path
    self.path = path
    self.query = query
    self.fields = fields
    self.body = body
    self.headSize = headSize
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

  /// Joins a further line of one name to those before (RFC 9110, section 5.3).
  /// - Parameter name: in lower case.
  mutating func add(_ name: String, _ value: String) {
    if let index = fields.firstIndex(where: { $0.name == name }) {
      fields[index].value += ", \(value)"
    } else {
      fields.append((name, value))
    }
  }

  /// - Parameter name: in lower case.
  mutating func replace(_ name: String, with value: String) {
    fields.removeAll { $0.name == name }
    fields.append((name, value))
  }
}
