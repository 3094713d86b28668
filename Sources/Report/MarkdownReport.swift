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
    lines += [report.intervalText, ""]
    if report.hasDifferences {
      lines += ["## Less the baseline", ""]
      lines += table(["", "baseline"] + report.metrics.map { "\($0.title) (\($0.unit))" }) { row in
        guard row.entry.name != row.entry.baseline else { return nil }
        return [row.entry.name.inMarkdown, row.entry.baseline.inMarkdown]
          + row.cells.map { $0.difference?.words ?? "–" }
      }
      lines += [report.differenceText, ""].compactMap(\.self)
    }
    if let memory = MemoryTable(result) {
      lines += ["## \(memory.title)", ""] + Self.table(memory.head, memory.rows.map(Self.named))
      lines += [memory.text, ""]
    }
    if let scale = ScaleTable(result) {
      lines +=
        ["## \(scale.title)", ""] + Self.table(scale.head, scale.rows.map(Self.named)) + [
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

  /// A row of a name, which anybody may have chosen, and numbers.
  private static func named(_ row: [String]) -> [String] {
    row.prefix(1).map(\.inMarkdown) + row.dropFirst()
  }

  private static func text(_ cell: Report.Cell) -> String {
    guard let estimate = cell.estimate else { return "–" }
    let worst = estimate.worst(cell.metric).map { " \($0)" } ?? ""
    return estimate.words + worst + (cell.letters.isEmpty ? "" : " **\(cell.letters)**")
  }
}
