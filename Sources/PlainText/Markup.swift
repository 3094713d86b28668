// Escapes go by scalars throughout: a mark that combines with a quotation mark makes another `Character` of it, and
// no other text for who reads the file.

extension String {
  /// A field of a CSV file (RFC 4180, section 2), on one line.
  ///
  /// An apostrophe stands before what a spreadsheet would take for a formula and compute: a text that begins with
  /// `=`, `+`, `-` or `@`, of full width too. Numbers stay numbers. What holds a separator of any spreadsheet is
  /// quoted, so that no second cell, and no formula, begins in its midst.
  public var inCSV: String {
    let text = onOneLine
    let isFormula = text.unicodeScalars.first { $0 != " " }.map { "=+-@＝＋－＠".unicodeScalars.contains($0) }
    let field = isFormula == true && !text.isDecimal ? "'" + text : text
    guard field.utf8.contains(where: { ",;\"".utf8.contains($0) }) else { return field }
    return "\"" + field.escaped(["\"": "\"\""]) + "\""
  }

  /// Text for any place of a Markdown page, a table's cell included (CommonMark 0.31; GitHub's tables, links and
  /// formulas): a backslash stands before each character that would make more of it than text.
  public var inMarkdown: String {
    let scalars = Array(words.joined(separator: " ").unicodeScalars)
    var text = ""
    for (place, scalar) in scalars.enumerated() {
      if Self.isMarkup(scalars, place) { text += "\\" }
      text.unicodeScalars.append(scalar)
    }
    return text
  }

  private static func isMarkup(_ scalars: [Unicode.Scalar], _ place: Int) -> Bool {
    switch scalars[place] {
    case "\\", "`", "*", "_", "[", "]", "<", ">", "&", "#", "|", "~", "$": true
    // These begin a list, a rule or a table, or underline a heading, where a line begins.
    case "-", "+", "=": place == 0
    case ")": isAfterNumber(scalars, place)
    // Addresses become links by themselves.
    case ":": place == 0 || scalars.dropFirst(place + 1).first == "/"
    case ".":
      isAfterNumber(scalars, place)
        || place >= 3 && scalars[(place - 3)..<place].allSatisfy { "wW".contains("\($0)") }
    default: false
    }
  }

  /// Whether nothing but digits stands before it.
  private static func isAfterNumber(_ scalars: [Unicode.Scalar], _ place: Int) -> Bool {
    place > 0 && scalars[..<place].allSatisfy { ("0"..."9").contains($0) }
  }

  /// Text for an element or an attribute in double quotes of an HTML page.
  public var inHTML: String {
    onOneLine.escaped(["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"])
  }

  /// A JSON text (RFC 8259) that says the same, and neither speaks to a terminal nor ends a script element that it
  /// stands in: such characters can only be within its strings, where an escape may stand for them (section 7).
  public var asHarmlessJSON: String {
    var text = ""
    for scalar in unicodeScalars {
      if scalar != "<", scalar.isHarmless || scalar == "\n" {
        text.unicodeScalars.append(scalar)
      } else {
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      }
    }
    return text
  }

  private func escaped(_ escapes: [Unicode.Scalar: String]) -> String {
    var text = ""
    for scalar in unicodeScalars {
      if let escape = escapes[scalar] { text += escape } else { text.unicodeScalars.append(scalar) }
    }
    return text
  }

  /// A number as spreadsheets read one: no infinity, no hexadecimal digits.
  private var isDecimal: Bool {
    unicodeScalars.allSatisfy { "0123456789.eE+-".unicodeScalars.contains($0) } && Double(self) != nil
  }
}
