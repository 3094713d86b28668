import PlainText

/// Columns aligned with blanks, for a terminal: the first to the left, the others to the right.
public struct TextTable {
  /// What stands in one column of a row.
  public struct Cell: ExpressibleByStringInterpolation {
    /// Each is aligned with the parts above and below it, the first to the right; one alone takes the whole column, from its left where others
    /// have parts.
    let parts: [String]

    public init(parts: [String]) {
      self.parts = parts.map(\.onOneLine)
    }

    public init(stringLiteral text: String) {
      self.init(parts: [text])
    }
  }

  private enum Row {
    case cells([Cell])
    case heading(String)
  }

  private var rows: [Row] = []
  /// How many cells the first column takes at most; longer names go on in a line of their own.
  private let nameWidth: Int

  public init(nameWidth: Int = 32) {
    self.nameWidth = nameWidth
  }

  public mutating func add(_ row: [String]) {
    add(row.map { Cell(parts: [$0]) })
  }

  public mutating func add(_ row: [Cell]) {
    var row = row
    if let name = row.first?.parts.first, name.cells > nameWidth {
      rows.append(.heading(name))
      row[0] = ""
    }
    rows.append(.cells(row))
  }

  /// A line over the rows that follow.
  public mutating func add(heading: String) {
    rows.append(.heading(heading.onOneLine))
  }

  public var lines: [String] {
    let columns = columns
    return rows.map { row in
      switch row {
      case .heading(let text): text
      case .cells(let cells): Self.line(cells, columns)
      }
    }
  }

  /// How many cells the widest row takes. A heading has a line of its own, which can be broken.
  package var rowWidth: Int {
    let columns = columns
    return columns.map(\.width).reduce(0, +) + 2 * max(0, columns.count - 1)
  }

  private var columns: [Column] {
    let cells = rows.compactMap { row in if case .cells(let cells) = row { cells } else { nil } }
    guard let first = cells.first else { return [] }
    return first.indices.map { column in Column(cells.map { $0[column] }) }
  }

  private static func line(_ row: [Cell], _ columns: [Column]) -> String {
    let cells = zip(row, columns).enumerated().map { number, cell in
      cell.1.text(cell.0, isFirst: number == 0)
    }
    let line = cells.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}

/// How wide a column's parts are, and the whole of it.
private struct Column {
  private let partWidths: [Int]
  let width: Int

  init(_ cells: [TextTable.Cell]) {
    let divided = cells.filter { $0.parts.count > 1 }
    let parts = divided.map(\.parts.count).max() ?? 0
    partWidths = (0..<parts).map { part in
      divided.compactMap { $0.parts.count > part ? $0.parts[part].cells : nil }.max() ?? 0
    }
    let used = partWidths.filter { $0 > 0 }
    let whole = cells.filter { $0.parts.count == 1 }.map { $0.parts[0].cells }.max() ?? 0
    width = max(whole, used.reduce(0, +) + max(0, used.count - 1))
  }

  func text(_ cell: TextTable.Cell, isFirst: Bool) -> String {
    guard cell.parts.count > 1 else {
      let text = cell.parts.first ?? ""
      let isLeft = isFirst || !partWidths.isEmpty
      return isLeft ? text + blanks(width - text.cells) : blanks(width - text.cells) + text
    }
    let parts = cell.parts.indices.filter { partWidths[$0] > 0 }.map { part in
      let padding = blanks(partWidths[part] - cell.parts[part].cells)
      return part == 0 ? padding + cell.parts[part] : cell.parts[part] + padding
    }
    let text = parts.joined(separator: " ")
    return text + blanks(width - text.cells)
  }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
