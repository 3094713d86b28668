/// Where the words of a text that comes in tokens end.
///
/// A word is what stands between white space, as `wc -w` counts it. Scripts that are written without spaces would make
/// one word of a whole sentence, so a word has at most two of their characters, which is about what a Chinese or a
/// Japanese word has; the next one begins another word. Thai, Lao, Khmer and Burmese words are longer: their text is
/// taken to be read more slowly than it is. Marks upon a character, punctuation and emoji belong to the word they touch.
///
/// Only what follows a word shows that it is whole: `stream` may still become `streaming`. So it ends with the token that
/// brings white space behind it, or a character that begins another word, or with the text's last token.
struct WordEnds {
  /// By word, in order, the index of the token that shows it to be whole.
  private(set) var tokens: [Int] = []
  private var isInWord = false
  /// Characters of the word that are of a script without spaces.
  private var unspacedCount = 0

  private static let unspacedInWord = 2

  /// - Parameter texts: the text of each token, in order.
  init(_ texts: some Collection<String>) {
    for (index, text) in texts.enumerated() {
      for scalar in text.unicodeScalars { add(scalar, of: index) }
    }
    end(with: texts.count - 1)
  }

  private mutating func add(_ scalar: Unicode.Scalar, of token: Int) {
    guard !scalar.properties.isWhitespace else { return end(with: token) }
    if scalar.isUnspaced {
      if unspacedCount == Self.unspacedInWord { end(with: token) }
      unspacedCount += 1
    }
    isInWord = true
  }

  private mutating func end(with token: Int) {
    if isInWord { tokens.append(token) }
    isInWord = false
    unspacedCount = 0
  }
}

extension Unicode.Scalar {
  /// Whether it is a character of a script that is written without spaces between words, and no mark upon one.
  fileprivate var isUnspaced: Bool {
    switch value {
    case ..<0xe00: false
    // Thai and Lao, Burmese, Khmer, signs that stand for Chinese characters, the Japanese syllabaries and their
    // half-width forms.
    case 0xe00...0xeff, 0x1000...0x109f, 0x1780...0x17ff, 0x3005...0x3007, 0x3041...0x30ff, 0x31f0...0x31ff,
      0xff66...0xff9f:
      !properties.isGraphemeExtend
    default: properties.isIdeographic
    }
  }
}
