import Testing

@testable import Answers

@Suite struct ScriptTests {
  private static let question = Question(prompt: "Tell me more.", seed: 1)
  /// Longer than all passages together.
  private static let long = Array(Script(Question(prompt: "Tell me everything.", tokenCount: 20_000)))

  @Test func `the same question has the same tokens`() {
    #expect(Array(Script(Self.question)) == Array(Script(Self.question)))
  }

  // Recorded results rest on these: a change here is another order, or another text.
  @Test func `the first ten tokens of one question`() {
    let tokens = ["The", " least", " code", " that", " works", " is", " easy", " to", " compare", ","]
    #expect(Array(Script(Self.question).prefix(10)) == tokens)
  }

  @Test func `another seed, prompt or length has another answer`() {
    let tokens = Array(Script(Self.question).prefix(100))
    var other = Self.question
    other.seed = 2
    #expect(Array(Script(other).prefix(100)) != tokens)
    other = Self.question
    other.prompt += " "
    #expect(Array(Script(other).prefix(100)) != tokens)
    other = Self.question
    other.tokenCount += 1
    #expect(Array(Script(other).prefix(100)) != tokens)
  }

  @Test func `the pacing changes no token`() {
    var other = Self.question
    other.pacing = Pacing(think: .seconds(9), rate: 7, jitter: 2, burst: 5)
    #expect(Array(Script(other)) == Array(Script(Self.question)))
  }

  @Test(arguments: [1, 2, 3, 17, 200, 4_999])
  func `an answer has exactly so many tokens`(_ count: Int) {
    var script = Script(Question(prompt: "x", tokenCount: count))
    for index in 0..<count { #expect(script.next() != nil, "token \(index)") }
    #expect(script.next() == nil)
    #expect(script.next() == nil)
  }

  @Test func `an answer may have a million tokens`() {
    var script = Script(Question(prompt: "x", tokenCount: 1_000_000))
    var count = 0
    while let token = script.next(), !token.isEmpty { count += 1 }
    #expect(count == 1_000_000)
  }

  // The text of one size is not cut anew for another: an epoch names its text, size included.
  @Test(arguments: [2, 7, 64])
  func `a larger token is made of so many pieces`(_ size: Int) {
    let question = Question(prompt: "x", tokenCount: 500, tokenSize: size)
    let tokens = Array(Script(question))
    #expect(tokens.count == 500)
    var generator = SeededGenerator(seed: question.epoch.rawValue)
    let first = Passages.others[generator.below(Passages.others.count)]
    let pieces = (Self.cut(first) + ["\n\n"]).prefix(size)
    #expect(tokens[0].hasPrefix(pieces.joined()))
    let average = Double(tokens.reduce(0) { $0 + $1.unicodeScalars.count }) / 500
    #expect((3.0 * Double(size)...5.0 * Double(size)).contains(average), "\(average)")
  }

  @Test func `a token has about four characters on average, and none is empty`() {
    let characters = Self.long.reduce(0) { $0 + $1.unicodeScalars.count }
    let average = Double(characters) / Double(Self.long.count)
    #expect((3.5...4.5).contains(average), "\(average)")
    #expect(Self.long.allSatisfy { !$0.isEmpty })
  }

  @Test(arguments: [
    "你好", "👩🏽‍💻", "e\u{301}", "é", "🇨🇭", "\n\n", "\r\n", "\"", "\\", "\t", "<b>", "&amp;", "\ndata:", "\nid:",
    "مرحبا", "—",
    "\u{a0}", "\n- ", "\n2. ", "```js\n", "```json\n", "```swift\n", "```python\n", "```http\n", "curl -N",
  ])
  func `a long answer holds what breaks careless code`(_ rarity: String) {
    let text = Array(Self.long.joined().unicodeScalars)
    #expect(text.firstRange(of: Array(rarity.unicodeScalars)) != nil)
  }

  // A character may lie in several tokens: who draws each by itself draws it wrongly.
  @Test(arguments: ["\u{301}", "\u{200d}", "🏽", "🇭", "\u{fe0f}"] as [Unicode.Scalar])
  func `a token may begin with the rest of a character`(_ scalar: Unicode.Scalar) {
    #expect(Self.long.contains { $0.unicodeScalars.first == scalar })
  }

  // Every token is whole: joining the bytes and decoding them anew repairs nothing.
  @Test func `the tokens join to valid text`() {
    let bytes = Self.long.flatMap { Array($0.utf8) }
    #expect(String(validating: bytes, as: UTF8.self).map { Array($0.utf8) } == bytes)
    #expect(!Self.long.contains { $0.contains("\u{fffd}") })
  }

  @Test func `an answer reads like sentences`() {
    #expect(Self.long.contains("."))
    #expect(Self.long.contains(","))
    #expect(Self.long.count { $0.first == " " } > Self.long.count / 2)
  }

  static func cut(_ passage: String) -> [String] {
    passage.unicodeScalars.split(separator: "¦").map { String($0) }
  }
}
