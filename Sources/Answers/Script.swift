/// An answer's tokens, one after the other: a pure function of the question.
///
/// The answer is made of whole passages about what this laboratory compares, in an order of its own for every question,
/// and the question about the sky is answered first. A language model's tokenizer cut them (`Passages/cut.py`), so a
/// token is about four characters, most have a leading space, and there is what breaks careless code: several scripts,
/// line breaks, quotes, markup, code. Each token is whole UTF-8, but a combining mark, or the rest of an emoji, may come
/// in a token after the one that it belongs to.
public struct Script: Sequence, IteratorProtocol, Sendable {
  private var generator: SeededGenerator
  private var remaining: Int
  private let tokenSize: Int
  /// The other passages by number. Those that this round has used stand first.
  private var order = Self.numbers
  private var used = 0
  private var passage: [String] = []
  private var place = 0

  public init(_ question: Question) {
    generator = SeededGenerator(seed: question.epoch.rawValue)
    remaining = question.tokenCount
    tokenSize = question.tokenSize
    if Self.isAboutTheSky(question.prompt) { passage = Self.sky }
  }

  public mutating func next() -> String? {
    guard remaining > 0 else { return nil }
    remaining -= 1
    return (0..<tokenSize).reduce(into: "") { token, _ in token += nextPiece() }
  }

  private mutating func nextPiece() -> String {
    if place == passage.count { turnToNextPassage() }
    defer { place += 1 }
    return passage[place]
  }

  /// One step of Fisher and Yates: draws from the passages that this round has not used.
  private mutating func turnToNextPassage() {
    var candidates = order.count
    if used == order.count {
      used = 0
      // The last of a round is not the first of the next.
      candidates -= 1
    }
    order.swapAt(used, used + generator.below(candidates - used))
    passage = Self.others[Int(order[used])]
    used += 1
    place = 0
  }
}

extension Script {
  private static let sky = pieces(of: Passages.sky)
  private static let others = Passages.others.map(pieces)
  private static let numbers = others.indices.map { UInt8($0) }

  /// A passage's tokens, and the blank line that keeps it from the next.
  private static func pieces(of passage: String) -> [String] {
    // A character may begin in one token and end in the next, so that no seam is a character by itself.
    passage.unicodeScalars.split(separator: "¦").map { String($0) } + ["\n\n"]
  }

  /// Names the texts: it goes into each epoch, so that servers with different texts do not take theirs for the same.
  static let edition = {
    var digest = Digest(of: "passages")
    for passage in [Passages.sky] + Passages.others { digest.add(passage) }
    return digest.value
  }()

  private static func isAboutTheSky(_ prompt: String) -> Bool {
    let question = "why is the sky blue?"
    var text = prompt[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text.utf8.count == question.utf8.count && text.lowercased() == question
  }
}
