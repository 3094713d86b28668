import Measurement
import PlainText
import Results

/// The page's tables. On a narrow page each row is a list of its cells, which then name their columns themselves.
struct HTMLTables {
  private let report: Report
  private let marks: Marks

  init(_ report: Report) {
    self.report = report
    marks = Marks(report.result.plan)
  }

  var numbers: String {
    let blocks = report.blocks(report.asked)
    return blocks.enumerated().map { number, columns in
      let ledger = number == 0
      return table((ledger ? ["ledger"] : []) + titles(columns), report.rows) { row in
        (ledger ? [row.ledger.words.inHTML] : []) + row.cells[columns].map(cell)
      }
    }.joined()
  }

  var differences: String {
    report.blocks(report.asked).map { columns in
      table(["baseline"] + titles(columns), report.differences) { row in
        [baseline(of: row).inHTML] + row.cells[columns].map { difference($0.difference) }
      }
    }.joined()
  }

  var alsoMeasured: String {
    report.blocks(report.alsoMeasured).map { columns in
      table(titles(columns), report.rows) { $0.cells[columns].map(cell) }
    }.joined()
  }

  /// A table of texts, each row's first one a variant's name.
  func table(_ head: [String], _ rows: [[String]]) -> String {
    page(
      Array(head.dropFirst()),
      rows.map { row in self.row(row[0], Array(head.dropFirst()), row.dropFirst().map(\.inHTML)) })
  }

  /// A row an entry, under a row that names its condition where it has one.
  private func table(_ head: [String], _ rows: [Report.Row], _ cells: (Report.Row) -> [String]) -> String {
    let lines = Report.groups(rows).flatMap { group in
      let heading =
        "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"\(head.count + 1)\">\(group.condition.inHTML)</th></tr>"
      return (group.condition.isEmpty ? [] : [heading])
        + group.rows.map { row($0.entry.variant, head, cells($0)) }
    }
    return page(head, lines)
  }

  private func page(_ head: [String], _ lines: [String]) -> String {
    let titles = ([""] + head).map { title in
      // A unit has a line of its own.
      let parts = title.split(separator: " (", maxSplits: 1).map(String.init)
      let unit = parts.count > 1 ? "<small>(\(parts[1].inHTML)</small>" : ""
      return "<th scope=\"col\">\((parts.first ?? "").inHTML)\(unit)</th>"
    }.joined()
    return
      "<table><thead><tr>\(titles)</tr></thead><tbody>\n\(lines.joined(separator: "\n"))\n</tbody></table>\n"
  }

  private func row(_ variant: String, _ head: [String], _ cells: [String]) -> String {
    let cells = zip(head, cells).map { "<td data-column=\"\($0.inHTML)\"><span>\($1)</span></td>" }
    return
      "<tr><th scope=\"row\" style=\"--transport: \(marks[variant].colour)\">\(variant.inHTML)</th>\(cells.joined())</tr>"
  }

  private func titles(_ columns: Range<Int>) -> [String] {
    report.metrics[columns].map { "\($0.title) (\($0.unit))" }
  }

  /// Under the same condition the variant says it.
  private func baseline(of row: Report.Row) -> String {
    let entry = report.result.plan.entry(row.entry.baseline)
    return entry.map { $0.condition == row.entry.condition ? $0.variant : $0.name } ?? row.entry.baseline
  }

  private func cell(_ cell: Report.Cell) -> String {
    guard let estimate = cell.estimate else { return "–" + superscript(cell.letters) }
    let small = [estimate.spread, estimate.worst(cell.metric)].compactMap(\.self).joined(separator: " ")
    return estimate.median.text + superscript(cell.letters) + (small.isEmpty ? "" : "<small>\(small)</small>")
  }

  private func superscript(_ letters: String) -> String {
    letters.isEmpty ? "" : " <sup>\(letters)</sup>"
  }

  private func difference(_ difference: PairedDifference?) -> String {
    guard let difference else { return "–" }
    let interval = difference.parts.dropFirst().joined()
    return difference.parts[0] + (interval.isEmpty ? "" : "<small>\(interval)</small>")
  }
}
