/// What a stream's head asks of whoever passes it on.
public struct ForwardingHints: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// `X-Accel-Buffering: no`, which nginx obeys: it does not gather what comes.
  public static let accelBuffering = ForwardingHints(rawValue: 1)
  /// `Incremental: ?1` (RFC 10036), by which a server asks everybody on the way to forward each piece as it comes.
  public static let incremental = ForwardingHints(rawValue: 2)

  private static let fields: [(hint: ForwardingHints, name: String, value: String)] = [
    (.accelBuffering, "x-accel-buffering", "no"), (.incremental, "incremental", "?1"),
  ]

  /// What a list takes: the fields' names, or `none`.
  public static let names = fields.map(\.name) + ["none"]

  /// Reads names with commas between them. Nil where one is none of them, or `none` stands beside another.
  public init?(names text: String) {
    self = []
    if text == "none" { return }
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let hint = Self.fields.first(where: { $0.name == word.drop { $0 == " " } })?.hint else {
        return nil
      }
      insert(hint)
    }
  }

  /// The fields that ask for it.
  public var fields: [(name: String, value: String)] {
    Self.fields.filter { contains($0.hint) }.map { ($0.name, $0.value) }
  }
}
