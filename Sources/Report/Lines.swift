import PlainText

/// A text in lines that are no wider than a terminal; all but the first are indented.
package struct Lines {
  package private(set) var lines = [""]
  private let width: Int

  /// - Parameter width: cells that a line may have, more than any character takes and its indentation.
  package init(of text: String, width: Int) {
    self.width = width
    for word in text.onOneLine.split(separator: " ", omittingEmptySubsequences: false).flatMap(pieces) {
      add(word)
    }
  }

  private mutating func add(_ word: String) {
    if lines[lines.count - 1].cells + word.cells + 1 > width { lines.append("  ") }
    let line = lines[lines.count - 1]
    lines[lines.count - 1] += (line.isEmpty || line == "  " ? "" : " ") + word
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
}
