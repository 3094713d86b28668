import Answers
import Testing

@Suite struct ScriptTests {
  private static let question = Question(prompt: "Why is the sky blue?", seed: 1)
  private static let long = Array(Script(Question(prompt: "Tell me everything.", tokenCount: 20_000)))

  @Test func `the same question has the same tokens`() {
    #expect(Array(Script(Self.question)) == Array(Script(Self.question)))
  }

  // Recorded results rest on these: a change here is a new generator.
  @Test func `the first ten tokens of one question`() {
    let tokens = ["New", " short", " how", " str", "eam", " str", "eam", " ker", "nel", " idle"]
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

  // The text of one size is not cut anew for another: an epoch names its text, size included.
  @Test(arguments: [2, 7, 64])
  func `a larger token is made of so many pieces`(_ size: Int) {
    let tokens = Array(Script(Question(prompt: "x", tokenCount: 500, tokenSize: size)))
    let average = Double(tokens.reduce(0) { $0 + $1.count }) / 500
    #expect(tokens.count == 500)
    #expect((3.0 * Double(size)...6.0 * Double(size)).contains(average), "\(average)")
  }

  @Test func `a token has three to six characters on average, and none is empty`() {
    let characters = Self.long.reduce(0) { $0 + $1.count }
    let average = Double(characters) / Double(Self.long.count)
    #expect((3.0...6.0).contains(average), "\(average)")
    #expect(Self.long.allSatisfy { !$0.isEmpty })
  }

  @Test(arguments: [
    "你好", "👩🏽‍💻", "e\u{301}", "\n\n", "\r\n", "\"", "\\", "\t", "<b>", "&amp;", "data:", "مرحبا",
  ])
  func `a long answer holds what breaks careless code`(_ rarity: String) {
    #expect(
      Self.long.contains { Array($0.unicodeScalars).firstRange(of: Array(rarity.unicodeScalars)) != nil })
  }

  // Every token is whole: joining the bytes and decoding them anew repairs nothing.
  @Test func `the tokens join to valid text`() {
    let bytes = Self.long.flatMap { Array($0.utf8) }
    #expect(String(validating: bytes, as: UTF8.self).map { Array($0.utf8) } == bytes)
    #expect(!Self.long.contains { $0.contains("\u{fffd}") })
  }

  @Test func `an answer reads like sentences`() throws {
    let first = try #require(Self.long.first?.first)
    #expect(first.isUppercase)
    #expect(Self.long.contains("."))
    #expect(Self.long.contains(","))
    #expect(Self.long.count { $0.first == " " } > Self.long.count / 2)
  }
}
