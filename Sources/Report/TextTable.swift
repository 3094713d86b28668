import PlainText

/// Columns aligned with blanks, for a terminal: the first to the left, the others to the right.
public struct TextTable {
  private enum Row {
    case cells([String])
    case heading(String)
  }

  private var rows: [Row] = []
  /// How many cells the first column takes at most; longer names go on in a line of their own.
  private let nameWidth: Int

  public init(nameWidth: Int = 32) {
    self.nameWidth = nameWidth
  }

  public mutating func add(_ row: [String]) {
    var row = row.map(\.onOneLine)
    if row[0].cells > nameWidth {
      rows.append(.heading(row[0]))
      row[0] = ""
    }
    rows.append(.cells(row))
  }

  /// A line over the rows that follow.
  public mutating func add(heading: String) {
    rows.append(.heading(heading.onOneLine))
  }

  public var lines: [String] {
    let cells = rows.compactMap { row in if case .cells(let cells) = row { cells } else { nil } }
    guard let first = cells.first else { return [] }
    let widths = first.indices.map { column in cells.map { $0[column].cells }.max() ?? 0 }
    return rows.map { row in
      switch row {
      case .heading(let text): text
      case .cells(let cells): Self.line(cells, widths)
      }
    }
  }

  private static func line(_ row: [String], _ widths: [Int]) -> String {
    let cells = row.indices.map { column in
      let padding = String(repeating: " ", count: widths[column] - row[column].cells)
      return column == 0 ? row[column] + padding : padding + row[column]
    }
    let line = cells.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
