import Answers
import Testing

@Suite struct WholeCharactersTests {
  private static let good = ["a", "é", "世", "👩🏽‍💻"].map { Array($0.utf8) }
  private static let broken: [[UInt8]] = [
    [0x80], [0xc0], [0xe4, 0xb8], [0xf0, 0x9f], [0xff], [0xed, 0xa0, 0x80], [0xf4, 0x90],
  ]

  /// However the bytes are cut, together they are the text that the whole is.
  @Test(arguments: 0..<200)
  func `cut anywhere, the same text comes`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let isGood = seed.isMultiple(of: 2)
    let parts = isGood ? Self.good : Self.good + Self.broken
    let bytes = (0..<12).flatMap { _ in parts.randomElement(using: &generator)! }
    var characters = WholeCharacters()
    var text = ""
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...5, using: &generator))
      let taken = characters.take(piece)
      if isGood { #expect(!taken.unicodeScalars.contains("\u{fffd}")) }
      text += taken
      rest = rest.dropFirst(piece.count)
    }
    text += characters.rest
    let whole = String(decoding: bytes, as: UTF8.self)
    if isGood { #expect(Array(text.utf8) == Array(whole.utf8)) }
    // How many marks stand for what is broken may depend on the cut; what is whole does not.
    let kept = { (text: String) in text.unicodeScalars.filter { $0 != "\u{fffd}" } }
    #expect(Array(kept(text)) == Array(kept(whole)))
  }
}
