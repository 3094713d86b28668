import PlainText
import Report

extension BenchReport {
  /// For a terminal.
  /// - Parameter width: how many cells a line has; a table that is wider goes on below.
  public func text(width: Int) -> String {
    var lines: [String] = []
    for section in sections {
      let notes = section.legend.map { "\($0.letter): \($0.text)" } + section.notes
      lines += section.title.wrapped(to: width) + Self.tables(section.rows, width)
      lines += notes.flatMap { $0.wrapped(to: width) } + [""]
    }
    lines += (result.absent + failures + footnotes).flatMap { $0.wrapped(to: width) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// In as few parts as fit, one column in each at the least, with as many columns in one as in another.
  private static func tables(_ rows: [[String]], _ width: Int) -> [String] {
    let columns = Array(rows[0].indices.dropFirst())
    var parts: [[String]] = []
    for count in 1...max(1, columns.count) {
      let size = (columns.count + count - 1) / count
      parts = stride(from: 0, to: columns.count, by: size).map {
        table(rows, columns[$0..<min($0 + size, columns.count)])
      }
      if parts.allSatisfy({ $0.allSatisfy { $0.cells <= width } }) { break }
    }
    return Array(parts.joined(separator: [""]))
  }

  private static func table(_ rows: [[String]], _ columns: ArraySlice<Int>) -> [String] {
    var table = TextTable()
    for row in rows { table.add([row[0]] + columns.map { row[$0] }) }
    return table.lines
  }

  /// For a page.
  public var markdown: String {
    var lines = ["# make bench\(isLook ? ": a quick look, too small to decide by" : "")", ""]
    for section in sections {
      lines += ["## \(section.title)", ""] + Self.markdown(section.rows) + Self.notes(section) + [""]
    }
    lines += (result.absent + failures + footnotes).map { "- \($0.inMarkdown)" }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension String {
  /// In lines of so many cells, broken between words, the further ones indented. A longer word has a line of its own.
  fileprivate func wrapped(to width: Int) -> [String] {
    var lines: [String] = []
    for word in onOneLine.split(separator: " ") {
      if let last = lines.last, last.cells + 1 + String(word).cells <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append((lines.isEmpty ? "" : "  ") + word)
      }
    }
    return lines
  }
}
