import Experiments
import Measurement
import PlainText

/// The tables a run ends with: as many metrics side by side as fit.
public struct TerminalReport {
  private let report: Report
  private let hasColour: Bool
  private let width: Int

  /// - Parameters:
  ///   - hasColour: whether the text goes to a terminal that shows colours.
  ///   - width: cells that a line may have; what cannot be broken is wider.
  public init(_ result: RunResult, hasColour: Bool = false, width: Int = 100) {
    report = Report(result)
    self.hasColour = hasColour
    self.width = width
  }

  public var text: String {
    var lines = wrapped(report.result.title).map(bold) + wrapped(report.result.question) + [""]
    lines += blocks { _, cell in
      cell.words
    } ending: { row in
      row.ledger.words
    }
    if report.hasDifferences {
      lines += wrapped("Less the baseline, \(baselines)").map(bold) + [""]
      lines += blocks(rows: report.rows.filter { $0.entry.name != $0.entry.baseline }) { _, cell in
        cell.difference?.words ?? "–"
      }
    }
    lines += memoryLines + scaleLines + noteLines
    lines += wrapped(report.intervalText)
    if let text = report.differenceText { lines += wrapped(text) }
    if let noise = report.noiseText { lines += wrapped(noise) }
    lines += wrapped(report.environmentText)
    lines += report.failures.flatMap(wrapped)
    return lines.joined(separator: "\n") + "\n"
  }

  private var baselines: String {
    let names = report.rows.filter { $0.entry.name != $0.entry.baseline }.compactMap { row in
      report.rows.first { $0.entry.name == row.entry.baseline }.map { baseline in
        baseline.entry.variant == row.entry.variant ? baseline.entry.condition : baseline.entry.variant
      }
    }
    return Set(names).sorted().joined(separator: ", ")
  }

  /// The tables of the metrics, broken so that none is too wide.
  private func blocks(
    rows: [Report.Row]? = nil, cell: (Report.Row, Report.Cell) -> String,
    ending: ((Report.Row) -> String)? = nil
  ) -> [String] {
    let rows = rows ?? report.rows
    var lines: [String] = []
    var remaining = Array(report.metrics.indices)
    while !remaining.isEmpty {
      var count = remaining.count
      var table: [String] = []
      repeat {
        let isLast = count == remaining.count
        table = self.table(rows, Array(remaining.prefix(count)), cell: cell, ending: isLast ? ending : nil)
        count -= 1
      } while count > 0 && table.contains { $0.cells > width }
      remaining.removeFirst(count + 1)
      lines += [bold(table[0])] + table.dropFirst() + [""]
    }
    return lines
  }

  private func table(
    _ rows: [Report.Row], _ columns: [Int], cell: (Report.Row, Report.Cell) -> String,
    ending: ((Report.Row) -> String)?
  ) -> [String] {
    let metrics = columns.map { report.metrics[$0] }
    var table = TextTable()
    table.add([""] + metrics.map(\.title) + (ending == nil ? [] : ["ledger"]))
    table.add([""] + metrics.map(\.unit) + (ending == nil ? [] : [""]))
    var condition = ""
    for row in rows {
      if row.entry.condition != condition {
        condition = row.entry.condition
        table.add(heading: condition)
      }
      let cells = columns.map { cell(row, row.cells[$0]) }
      table.add([row.entry.variant] + cells + (ending.map { [$0(row)] } ?? []))
    }
    return table.lines
  }

  private var memoryLines: [String] {
    guard let memory = MemoryTable(report.result) else { return [] }
    var table = TextTable()
    for row in [memory.head] + memory.rows { table.add(row) }
    return [bold(memory.title), ""] + table.lines + [""] + wrapped(memory.text) + [""]
  }

  private var scaleLines: [String] {
    guard let scale = ScaleTable(report.result) else { return [] }
    // A column a transport: so it fits eighty.
    var table = TextTable()
    for column in scale.head.indices { table.add(([scale.head] + scale.rows).map { $0[column] }) }
    return [bold(scale.title), ""] + table.lines + [""] + wrapped(scale.text) + [""]
  }

  private var noteLines: [String] {
    let lines = report.notes.flatMap { note in
      wrapped("\(note.letter)  \(report.words(note))").map(warning)
    }
    return lines.isEmpty ? [] : lines + [""]
  }

  private func wrapped(_ text: String) -> [String] {
    var lines: [String] = [""]
    for word in text.onOneLine.split(separator: " ", omittingEmptySubsequences: false).flatMap(pieces) {
      if lines[lines.count - 1].cells + word.cells + 1 > width { lines.append("  ") }
      if !lines[lines.count - 1].isEmpty, lines[lines.count - 1] != "  " { lines[lines.count - 1] += " " }
      lines[lines.count - 1] += word
    }
    return lines
  }

  /// A word too long for a line comes in several.
  private func pieces(_ word: Substring) -> [String] {
    var rest = String(word)
    var pieces: [String] = []
    while rest.cells > width - 3 {
      // A line is wider than any character, so there is one at least in it.
      pieces.append(rest.prefix(cells: width - 3))
      rest.removeFirst(pieces[pieces.count - 1].count)
    }
    return pieces + [rest]
  }

  private func bold(_ text: String) -> String { hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  private func warning(_ text: String) -> String { hasColour ? "\u{1B}[33m\(text)\u{1B}[0m" : text }
}
