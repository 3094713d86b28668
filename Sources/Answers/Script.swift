/// An answer's tokens, one after the other: a pure function of the question.
///
/// They look like a language model's: about four characters, most with a leading space, long words in two
/// pieces, and now and then what breaks careless code: Chinese, emoji, a combining mark, line breaks, quotes,
/// markup. Each token is whole UTF-8.
public struct Script: Sequence, IteratorProtocol, Sendable {
  private var generator: SeededGenerator
  private var remaining: Int
  private let tokenSize: Int
  private var pending: [String] = []
  private var wordsLeftInSentence = 0
  private var sentencesLeftInParagraph = 3
  private var isFirst = true

  public init(_ question: Question) {
    generator = SeededGenerator(seed: question.epoch.rawValue)
    remaining = question.tokenCount
    tokenSize = question.tokenSize
  }

  public mutating func next() -> String? {
    guard remaining > 0 else { return nil }
    remaining -= 1
    return (0..<tokenSize).reduce(into: "") { token, _ in token += nextPiece() }
  }

  private mutating func nextPiece() -> String {
    if pending.isEmpty { pending = nextWord().reversed() }
    return pending.removeLast()
  }

  private mutating func nextWord() -> [String] {
    if wordsLeftInSentence == 0 { return startSentence() }
    wordsLeftInSentence -= 1
    if generator.below(24) == 0 { return [Vocabulary.rarities[generator.below(Vocabulary.rarities.count)]] }
    let word = " " + Vocabulary.words[generator.below(Vocabulary.words.count)]
    let comma = generator.below(11) == 0 && wordsLeftInSentence > 1 ? [","] : []
    return Self.pieces(of: word) + comma
  }

  private mutating func startSentence() -> [String] {
    let word = Vocabulary.words[generator.below(Vocabulary.words.count)].capitalizedFirst
    defer { wordsLeftInSentence = 5 + generator.below(10) }
    if isFirst {
      isFirst = false
      return Self.pieces(of: word)
    }
    sentencesLeftInParagraph -= 1
    guard sentencesLeftInParagraph == 0 else { return ["."] + Self.pieces(of: " " + word) }
    sentencesLeftInParagraph = 2 + generator.below(3)
    return [".", "\n\n"] + Self.pieces(of: word)
  }

  /// A word of more than six characters comes in two tokens, as byte-pair encodings do it.
  private static func pieces(of word: String) -> [String] {
    guard word.count > 6 else { return [word] }
    let cut = word.index(word.startIndex, offsetBy: 4)
    return [String(word[..<cut]), String(word[cut...])]
  }
}

extension String {
  fileprivate var capitalizedFirst: String {
    prefix(1).uppercased() + dropFirst()
  }
}

private enum Vocabulary {
  static let words = """
    the a of to and in is it that for on with as at by this from or an be are was but not they which one all \
    can each more when time about other into than then some only over such also back after two how our work \
    first well way even new want any give most us server reader stream token event poll wait send byte open \
    close line cost wire proxy buffer answer question browser connection message interval delay request \
    response latency measure schedule socket header kernel packet first second moment result simple because \
    without between through another example protocol transport remember nothing something understand carefully \
    usually sometimes whenever slower faster smaller larger short long held free idle busy late early whole \
    part rate word text page side end start stop loop next last same different
    """.split(separator: " ").map(String.init)

  static let rarities = [
    " 你好", "世界", " データ", " 🙂", "🚀", " 👩🏽‍💻", "e\u{301}", " naïve", " Zürich", " Ελλάδα", " مرحبا", " \"quoted\"",
    " C:\\temp", " <b>bold</b>", " &amp;", " **very**", " `id:`", " data:", "\n- ", "\t", " €5", " —", "\r\n",
  ]
}
