import PlainText
import Testing

@Suite struct CellWidthTests {
  // What wcwidth 0.9.4 of PyPI says of them (`wcswidth`).
  @Test(
    arguments: [
      ("plain", 5), ("表格表格", 8), ("한국어", 6), ("e\u{301}", 1), ("👩‍👩‍👧‍👦", 2),
      ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 2), ("🇩🇪🇫🇷", 4), ("🇩", 2), ("👍🏽", 2), ("🤷🏽‍♀️", 2),
      ("❤", 1), ("❤️", 2), ("☺︎", 1), ("⌚︎", 1), ("⌚", 2), ("1️⃣", 2), ("©", 1), ("©️", 2), ("क्षि", 2), ("नमस्ते", 4),
      ("กำ", 2), ("தமிழ்", 4), ("\u{1100}\u{1161}\u{11A8}", 2), ("ＡＢＣ", 6), ("ｱｲｳ", 3), ("a\u{200B}b", 2),
      ("x\u{AD}y", 3), ("\u{FEFF}a", 1), ("שלום", 4), ("مرحبا", 5), ("∑…–·µ", 5), ("Z̵̡̢̛al", 3), ("➜✔", 2),
      ("✔️", 2), ("⚠️", 2), ("㊗️", 2), ("𝒳", 1), ("𠮷", 2), ("🫠🪿", 4), ("Σ😀b", 4),
    ] as [(String, Int)])
  func `a text takes so many cells`(_ text: String, _ cells: Int) {
    #expect(text.cells == cells)
  }

  @Test func `a start holds whole characters`() {
    #expect("表格".prefix(cells: 3) == "表")
    #expect("表格".prefix(cells: 4) == "表格")
    #expect("a表".prefix(cells: 2) == "a")
    #expect("e\u{301}x".prefix(cells: 1) == "e\u{301}")
    #expect("👩‍👩‍👧x".prefix(cells: 1) == "")
    #expect("abc".prefix(cells: 0) == "")
  }

  @Test func `blanks fill up to a width, and never cut`() {
    #expect("表".padded(toCells: 4) == "表  ")
    #expect("表格".padded(toCells: 3) == "表格")
  }
}
