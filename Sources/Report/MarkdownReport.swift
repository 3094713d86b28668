import Measurement
import PlainText
import Results

/// The report as Markdown, for documentation.
public struct MarkdownReport {
  private let report: Report

  public init(_ result: RunResult) {
    report = Report(result, .measured)
  }

  public var text: String {
    let result = report.result
    var lines = [
      "# \(report.title.inMarkdown)", "", "**\(result.question.inMarkdown)**", "",
      "Prediction: \(result.prediction.inMarkdown)", "",
    ]
    lines += numbers + differences + notes + failures + memory + scale + alsoMeasured
    lines += ["## How it was measured", ""]
    if let noise = report.noiseText { lines += [noise, ""] }
    lines += [
      report.environmentText.inMarkdown, "", "Run again, from the root of the project, with:", "",
      "    \(report.command.onOneLine)", "",
    ]
    lines += ["## What this does not show", ""] + report.threats.map { "- \($0.inMarkdown)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private var numbers: [String] {
    guard report.hasTrials else { return [Report.nothing, ""] }
    return table(["ledger"] + titles(report.asked), report.rows) { row in
      [row.ledger.words] + row.cells[report.asked].map(Self.text)
    } + [report.intervalText, ""]
  }

  private var differences: [String] {
    let text = report.differenceText.map { [$0, ""] } ?? []
    guard !report.differences.isEmpty else { return text }
    return ["## Difference from the baseline", ""]
      + table(["baseline"] + titles(report.asked), report.differences) { row in
        [row.entry.baseline.inMarkdown] + row.cells[report.asked].map { $0.difference?.words ?? "–" }
      } + text
  }

  private var alsoMeasured: [String] {
    guard !report.alsoMeasured.isEmpty else { return [] }
    return ["## Also measured", ""]
      + report.blocks(report.alsoMeasured).flatMap { columns in
        table(titles(columns), report.rows) { $0.cells[columns].map(Self.text) }
      }
  }

  private var memory: [String] {
    guard let memory = MemoryTable(report.result) else { return [] }
    return ["## \(memory.title)", ""] + Self.table(memory.head, memory.rows.map(Self.named)) + [
      memory.text, "",
    ]
  }

  private var scale: [String] {
    guard let scale = ScaleTable(report.result) else { return [] }
    return ["## \(scale.title)", ""] + Self.table(scale.head, scale.rows.map(Self.named)) + [scale.text, ""]
  }

  private var notes: [String] {
    guard !report.notes.isEmpty else { return [] }
    return ["## Doubts", ""] + report.notes.map { "- **\($0.letter)** \(report.words($0).inMarkdown)" } + [""]
  }

  private var failures: [String] {
    report.failures.isEmpty ? [] : ["## Failures", ""] + report.failures.map { "- \($0.inMarkdown)" } + [""]
  }

  private func titles(_ columns: Range<Int>) -> [String] {
    report.metrics[columns].map { "\($0.title) (\($0.unit))" }
  }

  /// A row an entry, under a row that names its condition where it has one.
  private func table(_ head: [String], _ rows: [Report.Row], _ cells: (Report.Row) -> [String]) -> [String] {
    let lines = Report.groups(rows).flatMap { group in
      let heading = ["**\(group.condition.inMarkdown)**"] + head.map { _ in "" }
      return (group.condition.isEmpty ? [] : [heading])
        + group.rows.map { [$0.entry.variant.inMarkdown] + cells($0) }
    }
    return Self.table([""] + head, lines)
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
    let parts = cell.parts().dropLast() + [cell.letters.isEmpty ? "" : "**\(cell.letters)**"]
    return parts.filter { !$0.isEmpty }.joined(separator: " ")
  }
}
