import Experiments
import Foundation
import PlainText
import Results
import Testing

@testable import Report

/// Whatever stands in a result's texts, which a file holds and anybody can write, a report of it stays a report.
@Suite struct OthersTextTests {
  private static let hostile =
    "x\u{1B}]0;owned\u{7}\u{9B}2J\u{7F}\u{202E}\u{2028}# y\n# second\r\n\n- item\n| a | b |\n <script>alert(1)</script> [l](u) "
    + "![i](u) https://a.example www.a.example **b** `c` \"q\"\u{301}, ;=1+1"

  /// The sample with a text in all places that take one.
  private func result(_ text: String) throws -> RunResult {
    var result = try Sample.result(renamed: text)
    result.title = text
    result.question = text
    result.prediction = text
    result.command = text
    result.environment.kernel = text
    result.environment.processor = text
    result.environment.engine = text
    result.environment.date = text
    result.trials[0].failures = [text]
    result.plan.entries[0].condition = text
    result.plan.entries[1].baseline = text
    return result
  }

  private func all(_ result: RunResult) throws -> [String] {
    [
      TerminalReport(result).text, MarkdownReport(result).text, CSVReport(result).text,
      try JSONReport(result).text,
      HTMLReport(result, library: PlotLibrary(javaScript: "")).text, try Comparison(result, result).text,
    ]
  }

  @Test func `no format speaks to a terminal`() throws {
    for text in try all(try result(Self.hostile)) {
      #expect(text.contains("owned"))
      #expect(text.unicodeScalars.allSatisfy { $0.isHarmless || $0 == "\n" })
    }
  }

  @Test func `a terminal's report has the lines of its own`() throws {
    let lines = TerminalReport(try result(Self.hostile), width: 1_000).text.split(separator: "\n")
    let owners = lines.filter { $0.contains("second") }.count
    // Title and question, the tables' rows, the baseline, the doubt, where it was made, and the failure.
    #expect(owners == lines.count { $0.contains("owned") })
    #expect(lines[0].hasPrefix("x ]0;owned  2J   # y # second"))
  }

  @Test func `names of wide characters keep columns straight`() throws {
    let result = try Sample.result(renamed: "表格👩‍👩‍👧 e\u{301}")
    let lines = TerminalReport(result).text.split(separator: "\n").map(String.init)
    let starts = lines.compactMap { line in
      line.range(of: "0.21 [").map { String(line[..<$0.lowerBound]).cells }
    }
    #expect(starts.count == 2)
    #expect(Set(starts).count == 1)
    #expect(lines.contains("poll 100 ms  5.25 [5.01, 5.47]        3.10"))
    #expect(lines.contains("表格👩‍👩‍👧 e\u{301}     6.88 [6.64, 7.02]        3.05"))
  }

  @Test func `a name that is wider than its column has a line of its own`() throws {
    let name = String(repeating: "表", count: 30)
    let text = TerminalReport(try Sample.result(renamed: name)).text
    #expect(text.contains("\n\(name)\n   "))
    #expect(!text.contains("…"))
  }

  @Test(arguments: [40, 100]) func `lines of wide characters are no wider than the terminal`(_ width: Int)
    throws
  {
    var result = try Sample.result()
    result.title = String(repeating: "表格", count: 100) + String(repeating: " 👩‍👩‍👧", count: 50)
    let lines = TerminalReport(result, width: width).text.split(separator: "\n")
    #expect(lines.allSatisfy { String($0).cells <= width })
    #expect(lines.joined().filter { !$0.isWhitespace }.hasPrefix(result.title.filter { !$0.isWhitespace }))
  }

  @Test func `Markdown has the headings and tables of its own`() throws {
    let texts = try [Self.hostile, "plain"].map { MarkdownReport(try result($0)).text }
    let (lines, own) = (texts[0].split(separator: "\n"), texts[1].split(separator: "\n"))
    #expect(lines.count == own.count)
    #expect(lines.count { $0.hasPrefix("# ") } == 1)
    #expect(lines.filter { $0.hasPrefix("## ") } == own.filter { $0.hasPrefix("## ") })
    let columns = { (line: Substring) in line.replacing(#"\|"#, with: "").count { $0 == "|" } }
    #expect(
      lines.filter { $0.hasPrefix("|") }.map(columns).sorted()
        == own.filter { $0.hasPrefix("|") }.map(columns).sorted())
    let text = lines.filter { !$0.hasPrefix("    ") }.joined(separator: "\n")
    for markup in [" <s", " [l]", " ![i]", "s://", " www.a", " **b", " `c"] {
      #expect(!text.contains(markup), "\(markup)")
    }
  }

  @Test func `Markdown begins no list with a failure's name`() throws {
    var result = try Sample.result(renamed: "- # a")
    result.trials[2].failures = ["1. b"]
    result.environment.date = "1. c"
    let text = MarkdownReport(result).text
    #expect(text.contains("\n- \\- \\# a: 1. b\n"))
    #expect(text.contains("\n1\\. c · "))
  }

  @Test func `a spreadsheet computes nothing of a name`() throws {
    for name in ["=1+1", "@a|b", "+1 s", "-1 s", "\t=1"] {
      let text = CSVReport(try Sample.result(renamed: name)).text
      let cells = text.split(separator: "\n").dropFirst().map { $0.first }
      #expect(!cells.contains { "=@+-".contains($0 ?? "=") }, "\(name)")
      // Its numbers are as they were.
      #expect(text.contains(",delay_p50_ms,0.21,0.2,0.22,0.9609375,trials,9,"))
      #expect(text.contains(/,-0.0[01]\d+,-0.0[12]\d*,0.0[12]\d*,not significant/))
    }
  }

  @Test func `a page has the elements of its own`() throws {
    let elements = { (text: String) in text.matches(of: /<[^>]*>/).map { String($0.0) } }
    let page = { (result: RunResult) in HTMLReport(result, library: PlotLibrary(javaScript: "")).text }
    let hostile = page(try result(Self.hostile + "</script></title><!--"))
    #expect(elements(hostile) == elements(page(try result("plain"))))
    #expect(hostile.contains(#"\u003c\/script>"#))
  }
}
