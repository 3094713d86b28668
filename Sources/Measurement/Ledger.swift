import Readings

/// The account of every token a reader was to get.
public struct Ledger: Hashable, Sendable, Codable {
  /// Distinct tokens that came with the right text.
  public var delivered = 0
  /// Tokens that never came.
  public var lost = 0
  /// Arrivals of a token that was there already.
  public var duplicated = 0
  /// First arrivals that came after a later token's.
  public var reordered = 0
  /// Arrivals whose text or index the generator does not know.
  public var corrupted = 0

  public init() {}

  /// The most of any kind that a trial can come to: as many readers as an experiment may have, and as many tokens.
  private static let most = 10_000_000_000

  /// - Throws: `DecodingError` where a count is none that a trial can come to, so that sums of them fit an `Int`.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    func count(_ key: CodingKeys) throws -> Int {
      let count = try fields.decode(Int.self, forKey: key)
      guard (0...Self.most).contains(count) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: fields, debugDescription: "\(count) is no number of tokens")
      }
      return count
    }
    delivered = try count(.delivered)
    lost = try count(.lost)
    duplicated = try count(.duplicated)
    reordered = try count(.reordered)
    corrupted = try count(.corrupted)
  }

  /// - Parameter expected: the indices that were to come.
  public init(_ arrivals: [Arrival], expected: Range<Int>) {
    var seen = Set<Int>()
    var highest = Int.min
    for arrival in arrivals {
      guard arrival.isIntact, expected.contains(arrival.index) else {
        corrupted += 1
        // An altered token did come: it is not lost as well.
        seen.insert(arrival.index)
        continue
      }
      if !seen.insert(arrival.index).inserted {
        duplicated += 1
        continue
      }
      delivered += 1
      if arrival.index < highest { reordered += 1 }
      highest = max(highest, arrival.index)
    }
    lost = expected.count { !seen.contains($0) }
  }

  /// Every token once, in order, unaltered.
  public var isClean: Bool { lost + duplicated + reordered + corrupted == 0 }

  public static func + (left: Ledger, right: Ledger) -> Ledger {
    var sum = left
    sum.delivered += right.delivered
    sum.lost += right.lost
    sum.duplicated += right.duplicated
    sum.reordered += right.reordered
    sum.corrupted += right.corrupted
    return sum
  }
}
