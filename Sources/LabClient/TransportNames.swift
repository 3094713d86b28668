import Wire

extension Transport: CaseIterable {
  /// Those that can be read, in the order of their list.
  public static let allCases: [Transport] = readTransports.map { $0.transport }

  /// - Parameter name: in an experiment, on a command line or in a result.
  /// - Returns: nil where nothing is read by that name.
  public init?(named name: String) {
    guard let known = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = known
  }

  /// What reads it.
  var reader: any TransportReader.Type {
    readTransports[Self.allCases.firstIndex(of: self)!]
  }
}

/// By its name.
extension Transport: Codable {
  /// - Throws: `DecodingError` for a name that nothing is read by.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let known = Transport(named: name) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(name)' is not a transport")
    }
    self = known
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
