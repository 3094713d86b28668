import Testing

@testable import Measurement

@Suite struct WordEndsTests {
  /// - Parameter tokens: separated by bars.
  private func ends(_ tokens: String) -> [Int] {
    // By scalars, since a mark behind a bar is one character with it.
    WordEnds(tokens.unicodeScalars.split(separator: "|", omittingEmptySubsequences: false).map(String.init))
      .tokens
  }

  @Test(
    arguments: [
      // A word is whole with the white space that follows it, or with the text.
      ("the", [0]), ("the| sky", [1, 1]), ("the |sky", [0, 1]), ("str|eam|ing| text", [3, 3]),
      ("one two three| four", [0, 0, 1, 1]), ("the|.|\n\n|Next", [2, 3]), ("the| |sky", [1, 2]),
      ("a|\r\n|b", [1, 2]), ("the|,| sky| ", [2, 3]), ("  \t| the", [1]), ("a\u{a0}b\u{3000}c", [0, 0, 0]),
      // What stands alone is a word, whatever it is; what touches one belongs to it.
      ("a| —| b|🚀", [1, 2, 3]), ("- |\"quoted\"|!", [0, 2]), ("e|\u{301}", [1]),
      // Of Chinese and Japanese two characters are one, which the third one shows.
      ("你好", [0]), ("你|好|世|界", [2, 3]), ("你好世", [0, 0]), ("你好|。|世界| ok", [2, 3, 3]),
      ("「你好」", [0]), ("データ|ベース", [0, 1, 1]), ("ﾃﾞｰﾀ", [0, 0]), ("人々|は", [1, 1]), ("か\u{3099}き|く", [1, 1]),
      ("Swift语言|很好", [1, 1]), ("你好 世|界", [0, 1]), ("สวัส|ดี", [0, 1]), ("한국어| 텍스트", [1, 1]),
      // There need not be one.
      ("", []), (" |\n|\t", []), ("||", []), ("a||", [2]),
    ])
  func `each word ends with the token that shows it`(_ tokens: String, _ expected: [Int]) {
    #expect(ends(tokens) == expected, "\(tokens)")
  }

  @Test func `a text of no tokens has no words`() {
    #expect(WordEnds([String]()).tokens == [])
  }
}
