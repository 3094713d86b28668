extension String {
  /// How many cells of a terminal's line it takes; text on one line is measured.
  public var cells: Int { reduce(0) { $0 + $1.cells } }

  /// As much of its start as so many cells hold, no character cut.
  public func prefix(cells limit: Int) -> String {
    var left = limit
    return String(
      prefix { character in
        left -= character.cells
        return left >= 0
      })
  }

  /// With blanks behind it until it fills so many cells.
  public func padded(toCells width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - cells))
  }
}

extension Character {
  /// 0, 1 or 2. Nothing standardizes it; this is what terminals that know grapheme clusters do, and what
  /// `wcwidth` of PyPI says: East Asian wide and full-width characters (UAX #11) and emoji take two, marks and
  /// what is not seen none, and no cluster takes more than two.
  public var cells: Int {
    if unicodeScalars.count == 1, let scalar = unicodeScalars.first { return scalar.cells }
    let base = unicodeScalars.first { $0.cells > 0 }
    guard let base else { return 0 }
    // Variation selectors choose between a symbol's text and its picture (UTS #51, section 4.3).
    if unicodeScalars.contains("\u{FE0F}"), base.properties.isEmoji { return 2 }
    if unicodeScalars.contains("\u{FE0E}"), base.properties.isEmojiPresentation { return 1 }
    return min(2, unicodeScalars.reduce(0) { $0 + $1.cellsInCluster })
  }
}

extension Unicode.Scalar {
  fileprivate var cells: Int {
    switch value {
    case 0x20..<0x7f: 1
    case _ where isUnseen: 0
    case _ where properties.isEmojiPresentation || isWide: 2
    default: 1
    }
  }

  /// A vowel sign that stands beside its letter takes a cell with it, though none alone.
  fileprivate var cellsInCluster: Int {
    properties.generalCategory == .spacingMark ? 1 : cells
  }

  private var isUnseen: Bool {
    switch value {
    // The soft hyphen, and the number signs of Arabic and other scripts, are format characters that are seen.
    case 0xad, 0x600...0x605, 0x6dd, 0x70f, 0x890...0x891, 0x8e2, 0x110bd, 0x110cd: return false
    // The filler in the place of a syllable's first letter is as wide as one.
    case 0x115f: return false
    // Vowels and final consonants of Hangul are drawn into the syllable that they follow.
    case 0x1160...0x11ff, 0xd7b0...0xd7ff: return true
    default: break
    }
    switch properties.generalCategory {
    case .control, .nonspacingMark, .enclosingMark, .spacingMark, .format, .lineSeparator,
      .paragraphSeparator:
      return true
    default: return properties.isDefaultIgnorableCodePoint
    }
  }

  private var isWide: Bool {
    // The first range that does not end before it, by halving.
    var low = 0
    var high = Self.wide.count
    while low < high {
      let middle = (low + high) / 2
      if Self.wide[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < Self.wide.count && Self.wide[low].contains(value)
  }

  /// East_Asian_Width W and F of Unicode 17, as far as they are no emoji, which the standard library knows.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x2329...0x232a, 0x2630...0x2637, 0x268a...0x268f, 0x2e80...0x303e, 0x3041...0x3247,
    0x3250...0xa4c6, 0xa960...0xa97c, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6b,
    0xff01...0xff60, 0xffe0...0xffe6, 0x16fe0...0x1b2fb, 0x1d300...0x1d356, 0x1d360...0x1d376,
    0x1f1ae...0x1f1ae, 0x1f200...0x1f265, 0x1f6d9...0x1f6d9, 0x1f7da...0x1f7da, 0x1fa70...0x1fafa,
    0x20000...0x2fffd, 0x30000...0x3fffd,
  ]
}
