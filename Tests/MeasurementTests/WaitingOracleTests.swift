import Answers
import Measurement
import MonotonicTime
import Readings
import Testing

/// The share of time spent waiting beside a person that is simulated millisecond by millisecond, and looks anew at all
/// the text that is there.
@Suite struct WaitingOracleTests {
  private static let pieces = [
    "the", " sky", " is", "blue", " and", ",", ".", "\n\n", " ", " 你好", "世界", "語", " データ", "สวัสดี", " 🙂",
    " one two", "ing", "e\u{301}", "", "\t", "- ",
  ]
  private static let unspaced = Set("你好世界語データสวัสดี".unicodeScalars.filter { !$0.properties.isGraphemeExtend })

  /// When each token came, in milliseconds since the reader asked; one may come again, or before another.
  private struct Answer {
    var texts: [String] = []
    var arrivals: [(index: Int, at: Int)] = []

    init(seed: UInt64) {
      var generator = SeededGenerator(seed: seed)
      let longestGap = [0, 20, 200, 900].randomElement(using: &generator)!
      var now = Int.random(in: 0...1_500, using: &generator)
      for index in 0..<Int.random(in: 1...25, using: &generator) {
        texts.append(WaitingOracleTests.pieces.randomElement(using: &generator)!)
        arrivals.append((index, now))
        if Int.random(in: 0..<3, using: &generator) > 0 {
          now += Int.random(in: 0...longestGap, using: &generator)
        }
        if Int.random(in: 0..<12, using: &generator) == 0 { arrivals.append((index, now)) }
      }
      for _ in 0..<Int.random(in: 0...2, using: &generator) {
        let (one, other) = (arrivals.indices.randomElement(using: &generator)!, arrivals.count - 1)
        (arrivals[one].index, arrivals[other].index) = (arrivals[other].index, arrivals[one].index)
      }
    }

    /// How many words of a text can be read: of one that may go on, none that touches its end.
    private static func readable(_ text: String, isWhole: Bool) -> Int {
      let words = text.split(whereSeparator: \.isWhitespace).map { chunk in
        let count = chunk.unicodeScalars.count { unspaced.contains($0) }
        return max(1, (count + 1) / 2)
      }
      let all = words.reduce(0, +)
      return isWhole || text.last?.isWhitespace ?? true ? all : all - 1
    }

    /// - Returns: nil where there is no word.
    func share() -> Double? {
      let wordCount = Self.readable(texts.joined(), isWhole: true)
      guard wordCount > 0 else { return nil }
      var (now, waited, read, millisecondsLeft) = (0, 0, 0, 0)
      while true {
        if millisecondsLeft == 0 {
          if read == wordCount { return Double(waited) / Double(now) }
          let there = Set(arrivals.filter { $0.at <= now }.map(\.index))
          let shown = texts.indices.prefix { there.contains($0) }.count
          let text = texts.prefix(shown).joined()
          if Self.readable(text, isWhole: shown == texts.count) > read {
            read += 1
            millisecondsLeft = 200
          }
        }
        if millisecondsLeft > 0 { millisecondsLeft -= 1 } else { waited += 1 }
        now += 1
      }
    }
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `the share is what a person sees who looks again each millisecond`(_ seed: UInt64) throws {
    let answer = Answer(seed: seed)
    var reading = Reading(asked: Readings.at(77), started: Readings.at(80), texts: answer.texts)
    reading.arrivals = answer.arrivals.map {
      Arrival(index: $0.index, at: Readings.at(77 + $0.at), isIntact: true)
    }
    let share = reading.waitingShare
    let expected = answer.share()
    #expect((share == nil) == (expected == nil))
    if let share, let expected { #expect(abs(share - expected) < 1e-9, "\(answer)") }
  }
}
