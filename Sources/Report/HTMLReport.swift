import Experiments
import Foundation
import Measurement
import PlainText

/// The report as one page that holds everything it needs and asks nobody for anything.
public struct HTMLReport {
  private let report: Report
  private let library: PlotLibrary?

  /// - Parameter library: draws the plots; without it the page says how to get it.
  public init(_ result: RunResult, library: PlotLibrary?) {
    report = Report(result, .measured)
    self.library = library
  }

  public var text: String {
    let result = report.result
    let metrics = report.metrics.map { "\($0.title) (\($0.unit))" }
    var body = "<h1>\(result.title.inHTML)</h1>\n<p class=\"question\">\(result.question.inHTML)</p>\n"
    body += "<p>Prediction: \(result.prediction.inHTML)</p>\n"
    body += plots
    body += "<h2>Numbers</h2>\n"
    body += table([""] + metrics + ["ledger"]) { row in
      [row.entry.name.inHTML] + row.cells.map(cell) + [row.ledger.words.inHTML]
    }
    body += "<p>\(report.intervalText.inHTML)</p>\n"
    if report.hasDifferences {
      body += "<h2>Less the baseline</h2>\n"
      body += table(["", "baseline"] + metrics) { row in
        guard row.entry.name != row.entry.baseline else { return nil }
        return [row.entry.name.inHTML, row.entry.baseline.inHTML]
          + row.cells.map { difference($0.difference) }
      }
      body += "<p>\((report.differenceText ?? "").inHTML)</p>\n"
    }
    body += memory + scale + notes + failures
    body += "<h2>How it was made</h2>\n<p>\((report.noiseText ?? "").inHTML)</p>\n"
    body += "<p>\(report.environmentText.inHTML)</p>\n<pre>\(result.command.inHTML)</pre>\n"
    return page(body)
  }

  private func page(_ body: String) -> String {
    let script = library.map { "<script>\($0.javaScript)</script>\n<script>\n\(drawing)</script>\n" } ?? ""
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <title>\(report.result.title.inHTML) · pushlab</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      \(body)\(script)</body>
      </html>

      """
  }

  /// Nothing may be fetched, whatever a plot would like to; Vega compiles its expressions.
  private let policy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data:"

  private static let style = """
    :root { color-scheme: light; font: 1rem/1.5 system-ui, sans-serif; }
    body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
    .question { font-size: 1.25rem; }
    table { border-collapse: collapse; display: block; overflow-x: auto; }
    th, td { padding: 0.25rem 0.75rem; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap; }
    th:first-child, td:first-child { text-align: left; }
    td small { display: block; color: #555; }
    figure { margin: 2rem 0; } .plot { width: 100%; overflow-x: auto; } figcaption { max-width: 45rem; color: #333; }
    """

  private var plots: String {
    guard library != nil else { return "<p>\(PlotLibrary.advice.inHTML)</p>\n" }
    return Plots(report.result).all.map { plot in
      "<figure><h2>\(plot.title.inHTML)</h2><div class=\"plot\" id=\"\(plot.name)\"></div>"
        + "<figcaption>\(plot.caption.inHTML)</figcaption></figure>\n"
    }.joined()
  }

  private var drawing: String {
    Plots(report.result).all.map { plot in
      let json = try? JSONSerialization.data(withJSONObject: plot.specification, options: [.sortedKeys])
      let text = String(decoding: json ?? Data("{}".utf8), as: UTF8.self).asHarmlessJSON
      return "vegaEmbed('#\(plot.name)', \(text), {actions: false, renderer: 'svg'});\n"
    }.joined()
  }

  private func table(_ head: [String], row: (Report.Row) -> [String]?) -> String {
    table(head, report.rows.compactMap(row))
  }

  private func table(_ head: [String], _ rows: [[String]]) -> String {
    let rows = rows.map { "<tr>" + $0.map { "<td>\($0)</td>" }.joined() + "</tr>" }
    let cells = head.map { "<th>\($0.inHTML)</th>" }.joined()
    return
      "<table><thead><tr>\(cells)</tr></thead><tbody>\n\(rows.joined(separator: "\n"))\n</tbody></table>\n"
  }

  private var scale: String {
    guard let scale = ScaleTable(report.result) else { return "" }
    return "<h2>\(scale.title.inHTML)</h2>\n" + table(scale.head, scale.rows.map { $0.map(\.inHTML) })
      + "<p>\(scale.text.inHTML)</p>\n"
  }

  private func cell(_ cell: Report.Cell) -> String {
    guard let estimate = cell.estimate else { return "–" }
    let letters = cell.letters.isEmpty ? "" : " <sup>\(cell.letters)</sup>"
    let worst = estimate.worst(cell.metric).map { "<small>worst trial \($0)</small>" } ?? ""
    return estimate.median.text + letters + (estimate.spread.map { "<small>\($0)</small>" } ?? "") + worst
  }

  private func difference(_ difference: PairedDifference?) -> String {
    guard let difference else { return "–" }
    guard difference.shortage == nil else { return difference.words }
    let interval = difference.estimate.spread.map { "<small>\($0)</small>" } ?? ""
    return (difference.verdict == .shown ? difference.signed : "none shown") + interval
  }

  private var memory: String {
    guard let memory = MemoryTable(report.result) else { return "" }
    return "<h2>\(memory.title)</h2>\n" + table(memory.head, memory.rows.map { $0.map(\.inHTML) })
      + "<p>\(memory.text.inHTML)</p>\n"
  }

  private var notes: String {
    guard !report.notes.isEmpty else { return "" }
    let items = report.notes.map { note in
      "<li><sup>\(note.letter)</sup> \(report.words(note).inHTML)</li>"
    }
    return "<h2>Doubts</h2>\n<ul>\(items.joined(separator: "\n"))</ul>\n"
  }

  private var failures: String {
    let items = report.failures.map { "<li>\($0.inHTML)</li>" }
    return items.isEmpty ? "" : "<h2>Failures</h2>\n<ul>\(items.joined(separator: "\n"))</ul>\n"
  }
}
