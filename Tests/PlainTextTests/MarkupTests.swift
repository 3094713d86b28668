import Foundation
import PlainText
import Testing

@Suite struct MarkupTests {
  // RFC 4180, section 2, and one line a field.
  @Test(arguments: [
    ("", ""), ("plain text", "plain text"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "a b"),
    ("a\r\nb", "a  b"), ("–", "–"), ("a\u{1B}[31mb", "a [31mb"),
    // A mark on a quotation mark, which still ends a field.
    ("a\"\u{301},=1", "\"a\"\"\u{301},=1\""),
  ])
  func `a field of a CSV file is quoted where it must be`(_ text: String, _ field: String) {
    #expect(Array(text.inCSV.unicodeScalars) == Array(field.unicodeScalars))
  }

  @Test(arguments: [
    ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
    ("-x", "'-x"),
    ("-", "'-"), ("\t=1", "' =1"), ("\r=1", "' =1"), ("  =1", "'  =1"), ("＝1＋1", "'＝1＋1"),
    ("=\u{301}1", "'=\u{301}1"),
    // It would begin a cell where semicolons separate.
    ("a;=1+1", "\"a;=1+1\""), ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
    ("-inf", "'-inf"), ("-0x1p3", "'-0x1p3"), ("1=1", "1=1"),
  ])
  func `no field is a formula`(_ text: String, _ field: String) {
    #expect(Array(text.inCSV.unicodeScalars) == Array(field.unicodeScalars))
  }

  @Test(arguments: ["-0.029", "+5", "-1e+300", "3", "-7"])
  func `a number stays one`(_ number: String) {
    #expect(number.inCSV == number)
  }

  @Test(arguments: [
    (
      "plain text (p99.9), 10 % of it; server-sent-events",
      "plain text (p99.9), 10 % of it; server-sent-events"
    ),
    ("a|b", #"a\|b"#), (#"a\|b"#, #"a\\\|b"#), ("# second", ##"\# second"##),
    ("a\n# second\n\n| x |", ##"a \# second \| x \|"##),
    ("<script>", #"\<script\>"#), ("&lt;", #"\&lt;"#), ("[a](b)", #"\[a\](b)"#), ("![a][b]", #"!\[a\]\[b\]"#),
    ("**a** _b_ `c` ~d~ $e$", #"\*\*a\*\* \_b\_ \`c\` \~d\~ \$e\$"#),
    ("see https://a.example", #"see https\://a.example"#), ("see www.a.example", #"see www\.a.example"#),
    ("- a", #"\- a"#), ("+ a", #"\+ a"#), ("=== ", #"\==="#), ("--- ", #"\---"#), ("1. a", #"1\. a"#),
    ("12) a", #"12\) a"#),
    ("    a", "a"), ("a  \u{1B}[1m b", #"a \[1m b"#),
    // A mark on what is markup all the same.
    ("a|\u{301}b", "a\\|\u{301}b"), ("*\u{301}a*", "\\*\u{301}a\\*"),
  ])
  func `a text is no Markdown`(_ text: String, _ escaped: String) {
    #expect(Array(text.inMarkdown.unicodeScalars) == Array(escaped.unicodeScalars))
  }

  @Test(arguments: [
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"), ("\"'", "&quot;'"),
    ("<\u{338}b\"\u{301}>", "&lt;\u{338}b&quot;\u{301}&gt;"),
    ("a\u{0}\u{9B}b", "a  b"),
  ])
  func `a text is no HTML`(_ text: String, _ escaped: String) {
    #expect(Array(text.inHTML.unicodeScalars) == Array(escaped.unicodeScalars))
  }

  @Test func `JSON says the same without what is obeyed`() throws {
    let text = "</script><!-- \u{1B}[2J \u{7F} \u{9B} \u{2028} \u{202E} ü 表 👩‍👩‍👧"
    let json = String(decoding: try JSONEncoder().encode([text]), as: UTF8.self).asHarmlessJSON
    #expect(json.unicodeScalars.allSatisfy { $0.isHarmless && $0 != "<" })
    #expect(json.contains("ü 表 👩‍👩‍👧"))
    #expect(json.contains(#"\u009b \u2028 \u202e"#))
    let read = try JSONDecoder().decode([String].self, from: Data(json.utf8))
    #expect(Array(read[0].unicodeScalars) == Array(text.unicodeScalars))
  }
}
