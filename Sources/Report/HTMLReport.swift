import Measurement
import PlainText
import Results

/// The report as one page that holds everything it needs and asks nobody for anything.
public struct HTMLReport {
  private let report: Report
  private let tables: HTMLTables
  private let library: PlotLibrary?

  /// - Parameter library: draws the plots; without it the page says how to get it.
  public init(_ result: RunResult, library: PlotLibrary?) {
    report = Report(result, .measured)
    tables = HTMLTables(report)
    self.library = library
  }

  public var text: String {
    let result = report.result
    let plots = HTMLPlots(result, library: library)
    var body = "<h1>\(report.title.inHTML)</h1>\n<p class=\"question\">\(result.question.inHTML)</p>\n"
    body += "<p>Prediction: \(result.prediction.inHTML)</p>\n"
    body += numbers + differences + notes + list("Failures", report.failures)
    body += report.hasTrials ? plots.figures : ""
    body += memory + scale + alsoMeasured
    body += "<h2>How it was measured</h2>\n" + (report.noiseText.map(paragraph) ?? "")
    body += paragraph(report.environmentText) + "<pre>\(report.command.inHTML)</pre>\n"
    body += list("What this does not show", report.threats)
    return page(body + (report.hasTrials ? plots.script : ""))
  }

  private func page(_ body: String) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="\(policy)">
    <title>\(report.title.inHTML) · pushlab</title>
    <style>\(HTMLStyle.text)</style>
    </head>
    <body>
    \(body)</body>
    </html>

    """
  }

  /// Nothing may be fetched, whatever a plot would like to; Vega compiles its expressions.
  private let policy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data:"

  private var numbers: String {
    guard report.hasTrials else { return paragraph(Report.nothing) }
    return "<h2>Numbers</h2>\n" + tables.numbers + paragraph(report.intervalText)
  }

  private var differences: String {
    let text = report.differenceText.map(paragraph) ?? ""
    return report.differences.isEmpty
      ? text : "<h2>Difference from the baseline</h2>\n" + tables.differences + text
  }

  private var alsoMeasured: String {
    report.alsoMeasured.isEmpty ? "" : "<h2>Also measured</h2>\n" + tables.alsoMeasured
  }

  private var memory: String {
    guard let memory = MemoryTable(report.result) else { return "" }
    return "<h2>\(memory.title)</h2>\n" + tables.table(memory.head, memory.rows) + paragraph(memory.text)
  }

  private var scale: String {
    guard let scale = ScaleTable(report.result) else { return "" }
    return "<h2>\(scale.title.inHTML)</h2>\n" + tables.table(scale.head, scale.rows) + paragraph(scale.text)
  }

  private var notes: String {
    guard !report.notes.isEmpty else { return "" }
    let items = report.notes.map { note in
      "<li><sup>\(note.letter)</sup> \(report.words(note).inHTML)</li>"
    }
    return "<h2>Doubts</h2>\n<ul>\(items.joined(separator: "\n"))</ul>\n"
  }

  private func list(_ title: String, _ texts: [String]) -> String {
    let items = texts.map { "<li>\($0.inHTML)</li>" }
    return items.isEmpty ? "" : "<h2>\(title)</h2>\n<ul>\(items.joined(separator: "\n"))</ul>\n"
  }

  private func paragraph(_ text: String) -> String { "<p>\(text.inHTML)</p>\n" }
}
