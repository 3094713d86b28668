import PlainText

/// The status line and the fields of a response (RFC 9112, sections 4 and 5).
public struct ReceivedHead: Hashable, Sendable {
  public var status: Int
  /// What the status line says behind the status; may be empty.
  public var reason: String
  /// The 1 of HTTP/1.1.
  public var minorVersion: Int
  /// Names in lower case, values without the blanks around them, in the order in which they came.
  public var fields: [Field] = []
  /// How many bytes it took on the wire, through the empty line.
  public var size: Int

  public struct Field: Hashable, Sendable {
    public var name: String
    public var value: String

    package init(name: String, value: String) {
      (self.name, self.value) = (name, value)
    }
  }

  /// - Parameter text: through the empty line.
  /// - Throws: `MalformedResponse`.
  public init(_ text: some Collection<UInt8>) throws(MalformedResponse) {
    size = text.count
    // A line's end may lack its carriage return (RFC 9112, section 2.2).
    let lines = text.split(separator: UInt8(ascii: "\n")).map { line in
      line.last == UInt8(ascii: "\r") ? Array(line.dropLast()) : Array(line)
    }
    (minorVersion, status, reason) = try Self.statusLine(lines.first ?? [])
    for line in lines.dropFirst() where !line.isEmpty { try append(fieldLine: line) }
  }

  /// As HTTP/2 has it, with no line of its own (RFC 9113, section 8.3.2). Its size is the connection's to know.
  /// - Parameter fields: names in lower case.
  public init(status: Int, fields: [Field]) {
    (self.status, self.fields) = (status, fields)
    (reason, minorVersion, size) = ("", 1, 0)
  }

  /// The first field of that name.
  /// - Parameter name: in lower case.
  public func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  /// The members, in lower case, of a field that is a list, over all its lines (RFC 9110, section 5.6.1).
  /// - Parameter name: in lower case.
  public func list(_ name: String) -> [String] {
    fields.lazy.filter { $0.name == name }.flatMap { $0.value.split(separator: ",") }
      .map { $0.utf8.trimmed.lowercased() }.filter { !$0.isEmpty }
  }
}

/// What is no response, in words that go on after "the server sent". They may quote the server.
public struct MalformedResponse: Error, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension ReceivedHead {
  /// `HTTP/1.1 200 OK`; some servers leave out the blank behind the status.
  private static func statusLine(
    _ line: [UInt8]
  ) throws(MalformedResponse) -> (minorVersion: Int, status: Int, reason: String) {
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count > 1, words[0].count == 8, words[0].starts(with: "HTTP/1.".utf8),
      let minorVersion = number(words[0].suffix(1)), words[1].count == 3, let status = number(words[1]),
      status >= 100
    else {
      let beginning = String(decoding: line.prefix(60), as: UTF8.self)
      throw MalformedResponse("no status line of HTTP/1 but '\(beginning)'")
    }
    return (minorVersion, status, words.count > 2 ? String(decoding: words[2], as: UTF8.self) : "")
  }

  private mutating func append(fieldLine line: [UInt8]) throws(MalformedResponse) {
    guard !line.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\r") }) else {
      throw MalformedResponse("a field with a control character")
    }
    // A line that begins with a blank goes on with the value before it (RFC 9112, section 5.2).
    if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
      guard !fields.isEmpty else { throw MalformedResponse("a field without a name") }
      let value = fields[fields.count - 1].value
      fields[fields.count - 1].value = value.isEmpty ? line.trimmed : value + " " + line.trimmed
      return
    }
    let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts[0].trimmed.lowercased()
    guard parts.count == 2, !name.isEmpty else {
      throw MalformedResponse("a field line that is none: '\(name.prefix(60))'")
    }
    fields.append(Field(name: name, value: parts[1].trimmed))
  }

  /// - Returns: nil unless all are digits and the number fits.
  static func number(_ digits: some Collection<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit) else {
      return nil
    }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}

extension BidirectionalCollection<UInt8> {
  /// As text, without the blanks and tabs around it (RFC 9110, section 5.6.3).
  fileprivate var trimmed: String {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let start = drop(while: isBlank)
    guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(decoding: start[...last], as: UTF8.self)
  }
}
