import Experiments
import Measurement
import PlainText

/// The report as Markdown, for documentation.
public struct MarkdownReport {
  private let report: Report

  public init(_ result: RunResult) {
    report = Report(result)
  }

  public var text: String {
    let result = report.result
    var lines = [
      "# \(result.title.inMarkdown)", "", "**\(result.question.inMarkdown)**", "",
      "Prediction: \(result.prediction.inMarkdown)", "",
    ]
    lines += table(["", "ledger"] + report.metrics.map { "\($0.title) (\($0.unit))" }) { row in
      [row.entry.name.inMarkdown, row.ledger.words] + row.cells.map(Self.text)
    }
    lines += ["Medians over \(report.trialsText), with their 95 % intervals in brackets.", ""]
    if report.hasDifferences {
      lines += ["## Less the baseline", ""]
      lines += table(["", "baseline"] + report.metrics.map { "\($0.title) (\($0.unit))" }) { row in
        guard row.entry.name != row.entry.baseline else { return nil }
        return [row.entry.name.inMarkdown, row.entry.baseline.inMarkdown]
          + row.cells.map { $0.difference.map(Self.text) ?? "–" }
      }
      lines += ["Paired by trial. The 95 % of the intervals hold for all of a line at once.", ""]
    }
    if !result.memory.isEmpty {
      lines += ["## Memory of a waiting reader", "", "| | resident | kernel |", "|---|---|---|"]
      for (variant, memory) in result.memory.sorted(by: { $0.key < $1.key }) {
        let cells = [memory.residentBytes, memory.kernelBytes].map { ($0 / 1_000).text(digits: 1) + " kB" }
        lines.append("| \(variant.inMarkdown) | \(cells.joined(separator: " | ")) |")
      }
      lines.append("")
    }
    if let scale = ScaleTable(result) {
      lines +=
        ["## \(scale.title)", ""] + Self.table(scale.head, scale.rows.map { $0.map(\.inMarkdown) }) + [
          scale.text, "",
        ]
    }
    if !report.notes.isEmpty {
      lines += ["## Doubts", ""]
      lines += report.notes.map { note in
        "- **\(note.letter)** \(report.words(note).inMarkdown)"
      }
      lines.append("")
    }
    if !report.failures.isEmpty { lines += report.failures.map { "- \($0.inMarkdown)" } + [""] }
    if let noise = report.noiseText { lines += [noise, ""] }
    lines += [
      report.environmentText.inMarkdown, "", "Run again with:", "", "    \(result.command.onOneLine)",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private func table(_ head: [String], row: (Report.Row) -> [String]?) -> [String] {
    Self.table(head, report.rows.compactMap(row))
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> [String] {
    ["| " + head.joined(separator: " | ") + " |", "|" + String(repeating: "---|", count: head.count)]
      + rows.map { "| " + $0.joined(separator: " | ") + " |" } + [""]
  }

  private static func text(_ cell: Report.Cell) -> String {
    guard let estimate = cell.estimate else { return "–" }
    let letters = cell.letters.isEmpty ? "" : " **\(cell.letters)**"
    guard estimate.trials > 1 else { return estimate.median.text + letters }
    return "\(estimate.median.text) [\(estimate.low.text), \(estimate.high.text)]" + letters
  }

  private static func text(_ difference: PairedDifference) -> String {
    let interval = "[\(difference.low.text), \(difference.high.text)]"
    return difference.isShown ? "\(difference.mean.text) \(interval)" : "no difference shown \(interval)"
  }
}
