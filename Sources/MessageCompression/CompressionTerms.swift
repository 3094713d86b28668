/// What client and server agree on about compressed messages: the parameters of `permessage-deflate` that bind what the
/// server sends (RFC 7692, section 7.1). What a client says of its own compression needs no answer, and gets none.
public struct CompressionTerms: Hashable, Sendable {
  /// A message may refer to those before it.
  public var keepsContext = true
  /// How far back, as a power of two in bytes; nil where nothing was said of it, which is 15.
  public var windowBits: Int?

  /// The extension's name.
  public static let name = "permessage-deflate"
  /// zlib can compress within these.
  private static let windows = 9...15

  public init() {}

  /// The first of a client's offers that a server here can keep (RFC 7692, section 5).
  /// - Parameter offers: the members of `Sec-WebSocket-Extensions`.
  public init?(offers: [String]) {
    guard let terms = offers.lazy.compactMap({ Self(member: $0) }).first else { return nil }
    self = terms
  }

  /// What a server answered to an offer.
  /// - Parameter answer: the members of `Sec-WebSocket-Extensions`.
  public init?(answer: [String]) {
    guard answer.count == 1, let terms = Self(member: answer[0]) else { return nil }
    self = terms
  }

  private init?(member: String) {
    var parts = member.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
    guard parts.removeFirst() == Self.name else { return nil }
    var names: Set<Substring> = []
    for part in parts {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.trimmed)
      guard names.insert(pair[0]).inserted, take(pair[0], pair.dropFirst().first) else { return nil }
    }
  }

  /// - Returns: false for a parameter that is unknown, or has no value that it may have.
  private mutating func take(_ name: Substring, _ value: Substring?) -> Bool {
    switch (name, value) {
    case ("server_no_context_takeover", nil):
      keepsContext = false
      return true
    case ("client_no_context_takeover", nil), ("client_max_window_bits", nil):
      return true
    case ("client_max_window_bits", let value?):
      return Self.bits(value).map((8...15).contains) ?? false
    case ("server_max_window_bits", let value?):
      windowBits = Self.bits(value)
      return windowBits.map(Self.windows.contains) ?? false
    default:
      return false
    }
  }

  /// Digits without leading zeros, perhaps in quotes (RFC 6455, section 9.1).
  private static func bits(_ value: Substring) -> Int? {
    let isQuoted = value.count > 2 && value.first == "\"" && value.last == "\""
    let digits = isQuoted ? value.dropFirst().dropLast() : value
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), digits.first != "0" else { return nil }
    return Int(digits)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop { $0 == " " || $0 == "\t" }
    guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return start[...end]
  }

  /// The parameters as they stand in an answer.
  public var parameters: [String] {
    (keepsContext ? [] : ["server_no_context_takeover"])
      + (windowBits.map { ["server_max_window_bits=\($0)"] } ?? [])
  }

  /// All parameters that an answer may hold.
  public static let allParameters =
    ["server_no_context_takeover"] + windows.map { "server_max_window_bits=\($0)" }

  /// The member of `Sec-WebSocket-Extensions` that says so.
  public var member: String { ([Self.name] + parameters).joined(separator: "; ") }
}
