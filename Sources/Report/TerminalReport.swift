import Experiments
import Measurement

/// The table a run ends with: at most 100 columns wide.
public struct TerminalReport {
  private let result: RunResult

  public init(_ result: RunResult) {
    self.result = result
  }

  public var text: String {
    let columns: [Metric] = [
      .timeToFirstToken, .delayMedian, .delay99, .gapMedian, .gap99, .requests, .bytesDown, .bytesUp,
    ]
    var rows = [
      ["transport"] + columns.map(\.title) + ["ledger"],
      [""] + columns.map(\.unit) + [""],
    ]
    for variant in result.variants {
      let cells = columns.map { metric in result.estimate(metric, of: variant).map(Self.number) ?? "–" }
      rows.append([variant] + cells + [Self.words(result.ledger(of: variant))])
    }
    let trials = Set(result.trials.map(\.trial)).count
    var lines = ["\(result.title)", result.question, ""]
    lines += Self.aligned(rows)
    lines += [
      "", "Medians over \(trials) \(trials == 1 ? "trial" : "trials"); intervals are in the result file.",
    ]
    for variant in result.variants {
      for failure in result.failures(of: variant) { lines.append("\(variant): \(failure)") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Three significant digits, or whole from 100 on.
  static func number(_ estimate: Estimate) -> String {
    let value = estimate.median
    let digits =
      switch abs(value) {
      case ..<10: 2
      case ..<100: 1
      default: 0
      }
    return value.formatted(fractionDigits: digits)
  }

  private static func words(_ ledger: Ledger) -> String {
    guard !ledger.isClean else { return "all \(ledger.delivered)" }
    let faults = [
      ("lost", ledger.lost), ("doubled", ledger.duplicated), ("reordered", ledger.reordered),
      ("corrupted", ledger.corrupted),
    ]
    return faults.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
  }

  /// The first column to the left, the last as it is, all others to the right.
  private static func aligned(_ rows: [[String]]) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 || column == row.count - 1 ? row[column] + padding : padding + row[column]
      }
      .joined(separator: "  ")
      .trimmingTrailingSpaces
    }
  }
}

extension Double {
  /// Plain decimal notation, the same in every locale.
  func formatted(fractionDigits: Int) -> String {
    let scale = [1.0, 10, 100, 1_000][fractionDigits]
    let scaled = Int((self * scale).rounded())
    guard fractionDigits > 0 else { return String(scaled) }
    let digits = String(abs(scaled) % Int(scale))
    let padding = String(repeating: "0", count: fractionDigits - digits.count)
    return "\(scaled < 0 ? "-" : "")\(abs(scaled) / Int(scale)).\(padding)\(digits)"
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
