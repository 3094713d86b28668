import PlainText
import Testing

@Suite struct OneLineTests {
  @Test(arguments: [
    ("plain text, “quoted” – 表格 ü 👩‍👩‍👧", "plain text, “quoted” – 表格 ü 👩‍👩‍👧"),
    ("a\nb\rc\td", "a b c d"), ("a\r\nb", "a  b"), ("\u{1B}[2J\u{7}", " [2J "), ("a\u{7F}b", "a b"),
    ("a\u{0}b", "a b"),
    // C1 controls: a terminal takes U+009B for ESC [ and U+0090 for ESC P (ISO/IEC 6429, section 5.3).
    ("\u{9B}2J\u{90}q\u{9C}\u{85}", " 2J q  "),
    ("a\u{2028}b\u{2029}c", "a b c"),
    ("a\u{202E}b\u{202C}\u{2066}c\u{2069}", "a b  c "),
    // The marks of Arabic and Hebrew turn nothing but themselves.
    ("\u{200F}שלום\u{200E}", "\u{200F}שלום\u{200E}"),
    // A mark makes another character of what it follows, and no other scalar.
    ("a\u{1B}\u{301}b", "a \u{301}b"),
  ])
  func `a line keeps what is seen and loses what is obeyed`(_ text: String, _ line: String) {
    #expect(Array(text.onOneLine.unicodeScalars) == Array(line.unicodeScalars))
  }

  @Test func `a sequence is broken wherever its pieces part`() {
    let scalars = Array("one\n\ttwo \u{1B}]0;owned\u{7}\u{9B}31m three\r\n\u{202E}four".unicodeScalars)
    for place in scalars.indices {
      let pieces = [scalars[..<place], scalars[place...]].map { String(String.UnicodeScalarView($0)) }
      #expect(pieces.map(\.harmlessInPieces).joined() == "one\n\ttwo  ]0;owned  31m three \n four")
    }
  }

  @Test func `a page is quoted in brief`() {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n\u{1B}[2J</html>\r\n"
    #expect(page.inBrief == "<html> <head><title>502 Bad Gateway</title></head> [2J</html>")
    let long = String(repeating: "表", count: 5_000).inBrief
    #expect(long == String(repeating: "表", count: 99) + "…")
    #expect(String(repeating: "x", count: 200).inBrief.count == 200)
    // A mark takes no cell, and is counted all the same.
    let marks = ("a" + String(repeating: "\u{301}", count: 5_000)).inBrief
    #expect(marks.unicodeScalars.count <= 801)
    #expect(marks.hasSuffix("…"))
    #expect("\u{1B}\r\n".inBrief == "")
  }
}
