import Measurement
import PlainText
import Results

/// The tables a run ends with: as many metrics side by side as fit.
public struct TerminalReport {
  private let report: Report
  private let hasColour: Bool
  private let width: Int

  /// - Parameters:
  ///   - hasColour: whether the text goes to a terminal that shows colours.
  ///   - width: cells that a line may have, at least 40.
  public init(_ result: RunResult, hasColour: Bool = false, width: Int = 100) {
    report = Report(result)
    self.hasColour = hasColour
    self.width = width
  }

  public var text: String {
    var lines = wrapped(report.title).map(bold) + wrapped(report.result.question) + [""]
    lines += numbers + differences + memory + scale + notes + failures
    lines += report.howToRead.flatMap(wrapped) + wrapped(report.environmentText)
    lines += ["", bold("What this does not show")] + report.threats.flatMap { wrapped("- \($0)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private var numbers: [String] {
    guard report.hasTrials else { return wrapped(Report.nothing) + [""] }
    let tables = sideBySide(report.rows, ledger: report.commonLedger == nil) { column in
      let shared = sharedLetters(column)
      let title = [report.metrics[column].title, shared].filter { !$0.isEmpty }.joined(separator: " ")
      return Column(head: [title, report.metrics[column].unit]) { $0.cells[column].parts(without: shared) }
    }
    return tables + (report.commonLedger.map { wrapped($0) + [""] } ?? [])
  }

  private var differences: [String] {
    guard !report.differences.isEmpty else { return [] }
    return wrapped("Difference from \(baselines)").map(bold) + [""]
      + sideBySide(report.differences, ledger: false) { column in
        Column(head: [report.metrics[column].title, report.metrics[column].unit]) {
          $0.cells[column].difference?.parts ?? ["–"]
        }
      }
  }

  /// Doubts of a whole column stand at its head alone.
  private func sharedLetters(_ column: Int) -> String {
    let letters = report.rows.map { $0.cells[column].letters }
    return (letters.first ?? "").filter { letter in letters.allSatisfy { $0.contains(letter) } }
  }

  private var baselines: String {
    let names = report.differences.compactMap { row in
      report.rows.first { $0.entry.name == row.entry.baseline }.map { baseline in
        baseline.entry.variant == row.entry.variant ? baseline.entry.condition : baseline.entry.variant
      }
    }
    return Set(names).sorted().joined(separator: ", ")
  }

  /// The metrics asked for, one column each.
  private func sideBySide(
    _ rows: [Report.Row], ledger: Bool, _ column: (Int) -> Column
  ) -> [String] {
    var columns = report.asked.map(column)
    if ledger { columns.insert(Column(head: ["ledger", ""]) { [$0.ledger.words] }, at: 0) }
    // A line that names its condition can be looked for and copied; where names are long, conditions have lines.
    let saysCondition = rows.allSatisfy { $0.entry.name.cells <= Self.longestName }
    return blocks(columns) { columns, nameWidth in
      var table = TextTable(nameWidth: nameWidth)
      for line in 0..<2 { table.add([""] + columns.map { TextTable.Cell(parts: [$0.head[line]]) }) }
      for group in Report.groups(rows) {
        if !group.condition.isEmpty, !saysCondition { table.add(heading: group.condition) }
        for row in group.rows {
          let name = TextTable.Cell(parts: [saysCondition ? row.entry.name : row.entry.variant])
          table.add([name] + columns.map { TextTable.Cell(parts: $0.cell(row)) })
        }
      }
      return table
    }
  }

  /// Cells of a name that stands in its line; a longer one has a line of its own.
  private static let longestName = 32

  private struct Column {
    let head: [String]
    let cell: (Report.Row) -> [String]
  }

  /// As many columns beside one another as fit, and the rest below. Where not even one does, names have lines of their
  /// own.
  private func blocks<Part>(_ columns: [Part], _ table: ([Part], Int) -> TextTable) -> [String] {
    var lines: [String] = []
    var left = columns[...]
    while !left.isEmpty {
      var count = left.count
      while count > 1, table(Array(left.prefix(count)), Self.longestName).rowWidth > width { count -= 1 }
      let block = Array(left.prefix(count))
      let whole = table(block, Self.longestName)
      let text = (whole.rowWidth > width ? table(block, 0) : whole).lines
      lines +=
        text.prefix(1).map(bold) + text.dropFirst().flatMap { $0.cells > width ? wrapped($0) : [$0] } + [""]
      left = left.dropFirst(count)
    }
    return lines
  }

  private var memory: [String] {
    guard let memory = MemoryTable(report.result) else { return [] }
    return [bold(memory.title), ""] + table(memory.head, memory.rows) + wrapped(memory.text) + [""]
  }

  private var scale: [String] {
    guard let scale = ScaleTable(report.result) else { return [] }
    return wrapped(scale.title).map(bold) + [""] + table(scale.head, scale.rows) + wrapped(scale.text) + [""]
  }

  private func table(_ head: [String], _ rows: [[String]]) -> [String] {
    blocks(Array(head.indices.dropFirst())) { columns, nameWidth in
      var table = TextTable(nameWidth: nameWidth)
      for row in [head] + rows { table.add([row[0]] + columns.map { row[$0] }) }
      return table
    }
  }

  private var notes: [String] {
    let lines = report.notes.flatMap { note in
      wrapped("\(note.letter)  \(report.words(note))").map(warning)
    }
    return lines.isEmpty ? [] : lines + [""]
  }

  private var failures: [String] {
    let lines = report.failures.flatMap(wrapped).map(warning)
    return lines.isEmpty ? [] : lines + [""]
  }

  private func wrapped(_ text: String) -> [String] { Lines(of: text, width: min(width, 100)).lines }
  private func bold(_ text: String) -> String { hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  private func warning(_ text: String) -> String { hasColour ? "\u{1B}[33m\(text)\u{1B}[0m" : text }
}
