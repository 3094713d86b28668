import PlainText

/// What an `Accept` field asks for (RFC 9110, section 12.5.1): media ranges, each with a weight.
///
/// Parameters of a media type are passed over: what is offered here has none, and comes in one form.
struct AcceptField {
  private struct Range {
    /// Nil for any.
    let type: Substring?
    let subtype: Substring?
    let weight: Int

    var specificity: Int { (type == nil ? 0 : 1) + (subtype == nil ? 0 : 1) }

    func covers(_ offered: (type: Substring, subtype: Substring)) -> Bool {
      (type ?? offered.type) == offered.type && (subtype ?? offered.subtype) == offered.subtype
    }
  }

  private let ranges: [Range]

  /// The weight of what is asked for without one, and the highest.
  static let fullWeight = 1_000

  /// - Parameter field: members that cannot be read are left out, so that nothing is read into them.
  init(_ field: String) {
    ranges = field.lowercased().split(outsideOfQuotes: ",").compactMap(Self.range)
  }

  /// - Parameter mediaType: `type/subtype` in lower case.
  /// - Returns: from 0, not acceptable, to `fullWeight`, by the range that is the most specific (RFC 9110, section 12.5.1).
  func weight(of mediaType: String) -> Int {
    guard let offered = Self.halves(of: mediaType[...]) else { return 0 }
    let mostSpecific = ranges.filter { $0.covers(offered) }.max {
      ($0.specificity, $0.weight) < ($1.specificity, $1.weight)
    }
    return mostSpecific?.weight ?? 0
  }

  /// Whether it names that media type, and not only a range that holds it, as acceptable.
  /// - Parameter mediaType: `type/subtype` in lower case.
  func names(_ mediaType: String) -> Bool {
    guard let offered = Self.halves(of: mediaType[...]) else { return false }
    return ranges.contains { $0.specificity == 2 && $0.weight > 0 && $0.covers(offered) }
  }

  /// - Parameter offers: media types in the order in which they are preferred where the weights are the same.
  /// - Returns: the place of the one that is asked for most; nil where none is acceptable.
  func choice(among offers: [String]) -> Int? {
    let weights = offers.map(weight)
    guard let highest = weights.max(), highest > 0 else { return nil }
    return weights.firstIndex(of: highest)
  }

  private static func range(_ member: Substring) -> Range? {
    let parts = member.split(outsideOfQuotes: ";").map(\.trimmingOptionalWhiteSpace)
    guard let name = parts.first, let (type, subtype) = halves(of: name) else { return nil }
    guard type != "*" || subtype == "*" else { return nil }
    var weight = fullWeight
    if let text = parts.dropFirst().first(where: { $0.prefix { $0 != "=" }.trimmingOptionalWhiteSpace == "q" }
    ) {
      guard text.hasPrefix("q="), let stated = thousandths(text.dropFirst(2)) else { return nil }
      weight = stated
    }
    return Range(
      type: type == "*" ? nil : type, subtype: subtype == "*" ? nil : subtype, weight: weight)
  }

  private static func halves(of name: Substring) -> (type: Substring, subtype: Substring)? {
    let halves = name.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, !halves[0].isEmpty, !halves[1].isEmpty else { return nil }
    return (halves[0], halves[1])
  }

  /// A weight has at most three decimals, and is at most 1 (RFC 9110, section 12.4.2).
  private static func thousandths(_ text: Substring) -> Int? {
    let halves = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(halves.count), let whole = ["0": 0, "1": 1][halves[0]] else { return nil }
    let decimals = halves.count == 2 ? halves[1] : ""
    guard decimals.utf8.count <= 3, decimals.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
    let digits = decimals + String(repeating: "0", count: 3 - decimals.utf8.count)
    guard let thousandths = Int(digits) else { return nil }
    let weight = whole * fullWeight + thousandths
    return weight <= fullWeight ? weight : nil
  }
}

extension StringProtocol where SubSequence == Substring {
  /// A quoted string holds separators as text (RFC 9110, section 5.6.4).
  fileprivate func split(outsideOfQuotes separator: Character) -> [Substring] {
    var isQuoted = false
    var isEscaped = false
    return split(omittingEmptySubsequences: false) { character in
      defer { isEscaped = isQuoted && !isEscaped && character == "\\" }
      if character == "\"", !isEscaped { isQuoted.toggle() }
      return character == separator && !isQuoted
    }
  }
}

extension Substring {
  /// Without the optional white space around it (RFC 9110, section 5.6.3).
  fileprivate var trimmingOptionalWhiteSpace: Substring {
    let start = drop { $0 == " " || $0 == "\t" }
    let end = start.lastIndex { $0 != " " && $0 != "\t" }
    return end.map { start[...$0] } ?? ""
  }
}
