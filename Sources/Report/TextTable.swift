import PlainText

/// Columns aligned with blanks, for a terminal: the first to the left, the others to the right.
public struct TextTable {
  private var rows: [[String]] = []
  /// How many cells the first column takes at most; longer names are cut.
  private let nameWidth: Int

  public init(nameWidth: Int = 32) {
    self.nameWidth = nameWidth
  }

  public mutating func add(_ row: [String]) {
    var row = row.map(\.onOneLine)
    if row[0].cells > nameWidth { row[0] = row[0].prefix(cells: nameWidth - 1) + "…" }
    rows.append(row)
  }

  public var lines: [String] {
    guard let first = rows.first else { return [] }
    let widths = first.indices.map { column in rows.map { $0[column].cells }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].cells)
        return column == 0 ? row[column] + padding : padding + row[column]
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
