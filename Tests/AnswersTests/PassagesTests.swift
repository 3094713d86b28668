import Testing

@testable import Answers

/// How an answer is put together from whole passages.
@Suite struct PassagesTests {
  private static let passages = Passages.others.map(text)
  private static let sky = text(Passages.sky)
  /// How many tokens the other passages have together, with the blank line behind each.
  private static let round = Passages.others.reduce(0) { $0 + ScriptTests.cut($1).count + 1 }

  private static func text(_ passage: String) -> String {
    ScriptTests.cut(passage).joined()
  }

  private static func answer(_ prompt: String, seed: UInt64 = 0, tokens: Int) -> String {
    Script(Question(prompt: prompt, seed: seed, tokenCount: tokens)).joined()
  }

  /// The passages of some rounds in the order of the answer, by number.
  private func order(_ prompt: String, seed: UInt64 = 0, rounds: Int = 1) throws -> [Int] {
    var rest = Self.answer(prompt, seed: seed, tokens: rounds * Self.round)[...]
    var order: [Int] = []
    while !rest.isEmpty {
      // Some passages may begin alike, and the whole of one may begin another.
      let next = try #require(
        Self.passages.indices.filter { rest.hasPrefix(Self.passages[$0] + "\n\n") }
          .max { Self.passages[$0].count < Self.passages[$1].count })
      order.append(next)
      rest = rest.dropFirst((Self.passages[next] + "\n\n").count)
    }
    return order
  }

  @Test func `there are passages of every kind, and none twice`() {
    #expect(Set(Self.passages).count == Self.passages.count)
    #expect(Self.passages.count { $0.contains("```") } >= 6)
    #expect(Self.passages.count { $0.contains("\n- ") || $0.contains("\n1. ") } >= 6)
    #expect(Self.passages.count { $0.unicodeScalars.contains { ("一"..."龥").contains($0) } } >= 3)
    #expect(Self.passages.count { $0.unicodeScalars.contains { ("ء"..."ي").contains($0) } } >= 2)
    #expect(Self.passages.count { $0.unicodeScalars.contains { $0.properties.isEmojiPresentation } } >= 3)
    #expect(Self.passages.count { $0.utf8.allSatisfy { $0 < 0x80 && $0 != 0x0a } } >= 30)
  }

  @Test func `an answer has every passage once before one comes again`() throws {
    let order = try order("everything", rounds: 3)
    let count = Self.passages.count
    #expect(order.count == 3 * count)
    for start in stride(from: 0, to: order.count, by: count) {
      #expect(order[start..<start + count].sorted() == Array(0..<count))
    }
    #expect(order.prefix(count) != order.dropFirst(count).prefix(count))
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `no passage comes twice in a row`(_ seed: UInt64) throws {
    let order = try order("again", seed: seed, rounds: 5)
    #expect(zip(order, order.dropFirst()).allSatisfy { $0 != $1 })
  }

  @Test func `every passage may come first, and seeds and prompts have orders of their own`() throws {
    let firsts = try (0..<1_000).map { try order("first", seed: $0).first }
    #expect(Set(firsts).count == Self.passages.count)
    #expect(try order("first", seed: 1) != order("first", seed: 2))
    #expect(try order("first", seed: 1) != order("second", seed: 1))
  }

  @Test(
    arguments: ["Why is the sky blue?", "why is the sky blue?", " \n\u{3000}WHY is the Sky blue?\t "],
    [0, 1, 7])
  func `the sky's colour is explained first`(_ prompt: String, seed: UInt64) {
    let answer = Self.answer(prompt, seed: seed, tokens: 2_000)
    #expect(answer.hasPrefix(Self.sky + "\n\n"))
    let rest = answer.dropFirst(Self.sky.count + 2)
    #expect(Self.passages.contains { rest.hasPrefix($0 + "\n\n") })
    #expect(!rest.contains("Rayleigh"))
  }

  @Test(arguments: ["Why is the sky blue", "Why is the sky  blue?", "Why is the sky blue? Why?", "", " "])
  func `another question has another answer`(_ prompt: String) {
    #expect(!Self.answer(prompt, tokens: 20_000).contains("Rayleigh"))
  }

  // The default length, and that of the page's form, end where the text does and where a sentence does.
  @Test func `the answer about the sky has the length that is asked for by default`() {
    let question = Question(prompt: "Why is the sky blue?")
    #expect(Script(question).joined() == Self.sky)
    #expect(Self.answer(question.prompt, tokens: 150).hasSuffix("."))
  }

  @Test func `the texts are in the epoch's name`() {
    var digest = Digest(of: "passages")
    for text in [Passages.sky] + Passages.others { digest.add(text) }
    #expect(Script.edition == digest.value)
  }
}
