/// What client and server agree on about compressed messages: the parameters of `permessage-deflate` that bind what the
/// server sends (RFC 7692, section 7.1). What a client says of its own compression needs no answer, and gets none.
public struct CompressionTerms: Hashable, Sendable {
  /// A message may refer to those before it.
  public var keepsContext = true
  /// How far back, as a power of two in bytes; nil where nothing was said of it, which is 15.
  public var windowBits: Int?

  /// The extension's name.
  public static let name = "permessage-deflate"
  /// What there is (RFC 7692, section 7.1.2).
  private static let allWindows = 8...15
  /// zlib can compress within these.
  private static let windows = 9...15

  public init() {}

  /// The first of a client's offers that a server here can keep (RFC 7692, section 5).
  /// - Parameter offers: the members of `Sec-WebSocket-Extensions`.
  public init?(offers: [String]) {
    guard let terms = offers.lazy.compactMap({ Self(member: $0) { $0.takeOffered($1, $2) } }).first else {
      return nil
    }
    self = terms
  }

  /// What a server answered to an offer; nil for what a client must fail.
  /// - Parameters:
  ///   - answer: the members of `Sec-WebSocket-Extensions`.
  ///   - offersClientWindow: the offer held `client_max_window_bits`.
  public init?(answer: [String], offersClientWindow: Bool = false) {
    guard answer.count == 1,
      let terms = Self(member: answer[0], { $0.takeAnswered($1, $2, offersClientWindow: offersClientWindow) })
    else { return nil }
    self = terms
  }

  /// - Parameter take: takes a parameter, or returns false for one that is unknown here, or has a value that it may not
  ///   have.
  private init?(member: String, _ take: (inout Self, _ name: Substring, _ value: Substring?) -> Bool) {
    var parts = member.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
    guard parts.removeFirst() == Self.name else { return nil }
    var names: Set<Substring> = []
    for part in parts {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.trimmed)
      guard names.insert(pair[0]).inserted, take(&self, pair[0], pair.dropFirst().first) else { return nil }
    }
  }

  private mutating func takeOffered(_ name: Substring, _ value: Substring?) -> Bool {
    switch (name, value) {
    case ("client_max_window_bits", nil): true
    case ("client_max_window_bits", let value?): Self.bits(value, within: Self.allWindows) != nil
    case ("server_max_window_bits", let value?): takeWindow(value, within: Self.windows)
    default: takeContext(name, value)
    }
  }

  private mutating func takeAnswered(
    _ name: Substring, _ value: Substring?, offersClientWindow: Bool
  ) -> Bool {
    switch (name, value) {
    case ("client_max_window_bits", let value?):
      offersClientWindow && Self.bits(value, within: Self.allWindows) != nil
    case ("server_max_window_bits", let value?): takeWindow(value, within: Self.allWindows)
    default: takeContext(name, value)
    }
  }

  private mutating func takeWindow(_ value: Substring, within windows: ClosedRange<Int>) -> Bool {
    windowBits = Self.bits(value, within: windows)
    return windowBits != nil
  }

  private mutating func takeContext(_ name: Substring, _ value: Substring?) -> Bool {
    guard value == nil else { return false }
    if name == "server_no_context_takeover" { keepsContext = false }
    return name == "server_no_context_takeover" || name == "client_no_context_takeover"
  }

  /// Digits without leading zeros, perhaps in quotes (RFC 6455, section 9.1).
  private static func bits(_ value: Substring, within bounds: ClosedRange<Int>) -> Int? {
    let isQuoted = value.count > 2 && value.first == "\"" && value.last == "\""
    let digits = isQuoted ? value.dropFirst().dropLast() : value
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), digits.first != "0" else { return nil }
    return Int(digits).flatMap { bounds.contains($0) ? $0 : nil }
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
