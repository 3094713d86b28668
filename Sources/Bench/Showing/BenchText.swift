import PlainText
import Report

extension BenchReport {
  /// For a terminal.
  public var text: String {
    var lines: [String] = []
    for section in sections {
      var table = TextTable()
      for row in section.rows { table.add(row) }
      lines += [section.title] + table.lines + section.notes.map { "  \($0.onOneLine)" } + [""]
    }
    lines += (result.absent + failures + footnotes).map(\.onOneLine)
    return lines.joined(separator: "\n") + "\n"
  }

  /// For a page.
  public var markdown: String {
    var lines = ["# make bench", ""]
    for section in sections {
      lines += ["## \(section.title)", ""] + Self.markdown(section.rows)
      lines += [""] + section.notes.map { "- \($0.inMarkdown)" } + (section.notes.isEmpty ? [] : [""])
    }
    lines += (result.absent + failures + footnotes).map { "- \($0.inMarkdown)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
