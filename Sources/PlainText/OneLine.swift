extension String {
  /// The text on one line, as it can be shown anywhere: what a server, a proxy, a model, a file or a user wrote
  /// comes from outside, and every format starts from this.
  ///
  /// A blank stands for each character that ends a line, speaks to a terminal or turns the direction of what
  /// follows it: the controls (C0, DEL and C1 of ISO/IEC 6429, where escape sequences begin), the line and
  /// paragraph separators, and the embeddings, overrides and isolates of Unicode's bidirectional algorithm
  /// (UAX #9, section 2), whose effect need not end with the text.
  public var onOneLine: String { replacingScalars { $0.isHarmless ? nil : " " } }

  /// The text as a terminal can show it while it comes piece by piece: line feeds and tabs stay. Each character is
  /// judged alone, so that a sequence that two pieces share is broken as one in a single piece is.
  public var harmlessInPieces: String {
    replacingScalars { $0.isHarmless || $0 == "\n" || $0 == "\t" ? nil : " " }
  }

  /// The text on one line, blanks in a row as one, and no longer than an error can quote: a proxy's refusal is a
  /// page of HTML.
  public var inBrief: String {
    let text = words.joined(separator: " ")
    // Marks take no cell, however many there are.
    let start = String(UnicodeScalarView(text.unicodeScalars.prefix(4 * Self.briefCells)))
    guard start.cells > Self.briefCells || start.unicodeScalars.count < text.unicodeScalars.count else {
      return text
    }
    return start.prefix(cells: Self.briefCells - 1) + "…"
  }

  /// How long a quotation is at most, in terminal cells.
  static let briefCells = 200

  /// What stands between the blanks of its one line; by scalars, as a mark makes another `Character` of a blank.
  var words: [String] {
    onOneLine.unicodeScalars.split(separator: " ").map { String($0) }
  }

  private func replacingScalars(_ replacement: (Unicode.Scalar) -> Unicode.Scalar?) -> String {
    String(UnicodeScalarView(unicodeScalars.map { replacement($0) ?? $0 }))
  }
}

extension Unicode.Scalar {
  /// Whether it neither ends a line, nor speaks to a terminal, nor turns the direction of other text.
  public var isHarmless: Bool {
    switch value {
    case 0x20..<0x7f: true
    case 0x202a...0x202e, 0x2066...0x2069: false
    default: ![.control, .lineSeparator, .paragraphSeparator].contains(properties.generalCategory)
    }
  }
}
