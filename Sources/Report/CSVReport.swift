import Measurement
import PlainText
import Results

/// One line an entry and metric, for spreadsheets.
public struct CSVReport {
  private let report: Report

  public init(_ result: RunResult) {
    report = Report(result, .measured)
  }

  public var text: String {
    var lines = [
      "entry,metric,median,low,high,coverage,over,count,least,greatest,difference,difference_low,difference_high,"
        + "difference_verdict,doubts,values"
    ]
    // What touches every number stands where doubts do, in a line of its own.
    if report.result.plan.isQuick {
      lines.append(Self.line("the run", "quick look", "too little to decide by"))
    }
    if let text = report.interruptionText { lines.append(Self.line("the run", "interrupted", text)) }
    if let failure = report.result.failure { lines.append(Self.line("the run", "failure", failure)) }
    for row in report.rows {
      lines += row.failures.map { Self.line(row.entry.name, "failure", $0) }
      for cell in row.cells where cell.estimate != nil || !cell.letters.isEmpty {
        let estimate = cell.estimate.map(Self.fields) ?? Array(repeating: "", count: 8)
        let difference =
          cell.difference.map(Self.fields) ?? ["", "", "", cell.missing == nil ? "" : "no number"]
        let doubts = report.doubts(cell, of: row.entry.name).map(\.text)
        let fields =
          [row.entry.name, cell.metric.rawValue] + estimate + difference
          + [doubts.joined(separator: "; "), values(cell.metric, of: row.entry.name)]
        lines.append(fields.map(\.inCSV).joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One a trial with a blank between, each run's in brackets: a spreadsheet would take what begins with a sign for a
  /// formula.
  private func values(_ metric: Metric, of entry: String) -> String {
    report.result.values(metric, of: entry).map { "[\($0.map { "\($0)" }.joined(separator: " "))]" }
      .joined(separator: " ")
  }

  private static func fields(_ estimate: Estimate) -> [String] {
    ["\(estimate.median)"] + fields(estimate.interval) + [estimate.interval.map { "\($0.coverage)" } ?? ""]
      + [estimate.basis.rawValue, "\(estimate.count)", "\(estimate.least)", "\(estimate.greatest)"]
  }

  private static func fields(_ difference: PairedDifference) -> [String] {
    let verdict =
      switch difference.verdict {
      case .shown: "significant"
      case .notShown: "not significant"
      case .tooFew: "too few"
      }
    return ["\(difference.estimate.median)"] + fields(difference.estimate.interval) + [verdict]
  }

  private static func fields(_ interval: Interval?) -> [String] {
    interval.map { ["\($0.low)", "\($0.high)"] } ?? ["", ""]
  }

  private static func line(_ entry: String, _ kind: String, _ text: String) -> String {
    ([entry, kind] + Array(repeating: "", count: 12) + [text, ""]).map(\.inCSV).joined(separator: ",")
  }
}
