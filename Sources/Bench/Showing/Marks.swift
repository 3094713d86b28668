import Measurement
import PlainText
import Report

/// What is to be known of a cell.
enum Remark {
  /// Why there is no number.
  case absent(String)
  case doubt(Doubt)
  /// Tokens that did not come, or not as they should.
  case losses(who: String, readers: Int, Ledger)
  /// Some trials have no number.
  case fewer
  case failures

  /// Remarks of one kind have one letter.
  fileprivate var kind: String {
    switch self {
    case .absent(let reason): "absent, \(reason)"
    case .doubt(let doubt): "doubt, \(doubt.kind)"
    case .losses: "losses"
    case .fewer: "fewer"
    case .failures: "failures"
    }
  }
}

/// The letters of a table's cells, and what they stand for.
struct Marks {
  private var kinds: [(kind: String, remarks: [Remark])] = []

  /// - Returns: the letters of a cell's remarks, in their order.
  mutating func letters(_ remarks: [Remark]) -> String {
    let places = Set(remarks.map { add($0) })
    return places.sorted().map(Self.letter).joined()
  }

  private mutating func add(_ remark: Remark) -> Int {
    if let place = kinds.firstIndex(where: { $0.kind == remark.kind }) {
      kinds[place].remarks.append(remark)
      return place
    }
    kinds.append((remark.kind, [remark]))
    return kinds.count - 1
  }

  /// There are fewer kinds than letters, but for results that no bench has made.
  private static func letter(_ place: Int) -> String {
    String(UnicodeScalar(UInt8(ascii: "a") + UInt8(place % 26)))
  }

  /// A letter, and what it stands for.
  var legend: [(letter: String, text: String)] {
    kinds.enumerated().map { (Self.letter($0), Self.text($1.remarks)) }
  }

  private static func text(_ remarks: [Remark]) -> String {
    switch remarks[0] {
    case .absent(let reason): reason
    case .doubt(let first):
      worst(first, remarks)
    case .losses:
      "not all tokens came as they should, and one that did not come counts with the delay that it had "
        + "\(Int(Delivery.grace.inSeconds)) s after the last instant: \(losses(remarks))"
    case .fewer: "not every trial has it"
    case .failures: "readers, or turns, failed: see below the tables"
    }
  }

  private static func worst(_ first: Doubt, _ remarks: [Remark]) -> String {
    let doubts = remarks.compactMap { if case .doubt(let doubt) = $0 { doubt } else { nil } }
    let worst = doubts.reduce(first) { $0.worse($1) }
    return (Set(doubts).count > 1 ? "at the worst, " : "") + worst.text
  }

  /// Whose, each once: a cell may be one of two that a ratio is made of.
  private static func losses(_ remarks: [Remark]) -> String {
    var told: [String] = []
    for case .losses(let who, let readers, let ledger) in remarks {
      let words = "\(who) at \(readers): \(ledger.words)"
      if !told.contains(words) { told.append(words) }
    }
    return told.joined(separator: "; ")
  }
}
