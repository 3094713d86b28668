import Testing

@testable import Report

@Suite struct TextTableTests {
  @Test func `parts stand below one another, and a head over the first of them`() {
    var table = TextTable()
    table.add(["", "delay", "count"])
    table.add([
      "one", TextTable.Cell(parts: ["50.2", "[49.1, 51.3]", "≤52.9", ""]), TextTable.Cell(parts: ["7"]),
    ])
    table.add([
      "three", TextTable.Cell(parts: ["142", "[140, 142]", "", "ab"]), TextTable.Cell(parts: ["12"]),
    ])
    table.add(["none", TextTable.Cell(parts: ["–", "", "", ""]), "–"])
    #expect(
      table.lines == [
        "       delay                       count",
        "one    50.2 [49.1, 51.3] ≤52.9         7",
        "three   142 [140, 142]         ab     12",
        "none      –                            –",
      ])
    #expect(table.rowWidth == 40)
  }

  @Test func `labels that begin alike are told apart, however long`() {
    var table = TextTable(nameWidth: 10)
    table.add(["a long name that ends in one", "1"])
    table.add(["a long name that ends in two", "2"])
    table.add(["short", "3"])
    #expect(
      table.lines == [
        "a long name that ends in one", "       1", "a long name that ends in two", "       2", "short  3",
      ])
    #expect(table.rowWidth == 8)
  }
}
