import Experiments
import Measurement
import PlainText

/// One line an entry and metric, for spreadsheets.
public struct CSVReport {
  private let report: Report

  public init(_ result: RunResult) {
    report = Report(result, metrics: Report.measured(result))
  }

  public var text: String {
    var lines = [
      "entry,metric,median,low,high,trials,difference,difference_low,difference_high,difference_shown,doubts"
    ]
    // A failure stands where doubts do, in a line of its own: it touches every number.
    if let failure = report.result.failure { lines.append(Self.line("", "failure", failure)) }
    for row in report.rows {
      lines += row.failures.map { Self.line(row.entry.name, "failure", $0) }
      for cell in row.cells {
        let estimate = cell.estimate.map { ["\($0.median)", "\($0.low)", "\($0.high)", "\($0.trials)"] }
        let difference = cell.difference.map { ["\($0.mean)", "\($0.low)", "\($0.high)", "\($0.isShown)"] }
        let empty = Array(repeating: "", count: 4)
        let doubts = report.notes.filter { cell.letters.contains($0.letter) }.map(\.doubt.text)
        let fields =
          [row.entry.name, cell.metric.rawValue] + (estimate ?? empty) + (difference ?? empty)
          + [doubts.joined(separator: "; ")]
        lines.append(fields.map(\.inCSV).joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ entry: String, _ kind: String, _ text: String) -> String {
    ([entry, kind] + Array(repeating: "", count: 8) + [text]).map(\.inCSV).joined(separator: ",")
  }
}
