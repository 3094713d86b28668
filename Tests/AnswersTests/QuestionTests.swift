import Answers
import Testing

@Suite struct QuestionTests {
  @Test func `the epoch is a pure function of the question`() {
    let question = Question(prompt: "Why is the sky blue?", seed: 7, tokenCount: 20)
    #expect(question.epoch == Question(prompt: "Why is the sky blue?", seed: 7, tokenCount: 20).epoch)
    // Two servers have to agree on it, so it is pinned, for the passages as they are.
    #expect(question.epoch.description == "094195592fc10b42")
  }

  @Test func `the pacing does not change the epoch`() {
    let question = Question(prompt: "Why?")
    var other = question
    other.pacing = Pacing(think: .zero, rate: 1, jitter: 3, burst: 9)
    #expect(other != question)
    #expect(other.epoch == question.epoch)
  }

  @Test func `prompt, seed, length and token size change the epoch`() {
    let epochs = [
      Question(prompt: "Why?"), Question(prompt: "Why? "), Question(prompt: "Why?", seed: 1),
      Question(prompt: "Why?", tokenCount: 201), Question(prompt: "Why?", seed: 201, tokenCount: 1),
      Question(prompt: "Why?", tokenSize: 2), Question(prompt: "Why?", tokenCount: 1, tokenSize: 200),
    ].map(\.epoch)
    #expect(Set(epochs).count == epochs.count)
  }

  @Test(arguments: [0, 1, 0xff, 0x0123_4567_89ab_cdef, .max] as [UInt64])
  func `an epoch's text round-trips`(_ value: UInt64) {
    let epoch = Epoch(rawValue: value)
    #expect(epoch.description.utf8.count == 16)
    #expect(Epoch(epoch.description) == epoch)
  }

  @Test func `an epoch is written with leading zeros`() {
    #expect(Epoch(rawValue: 0xbeef).description == "000000000000beef")
  }

  @Test(arguments: [
    "", "0", "000000000000bee", "000000000000beef0", "000000000000BEEF", "000000000000beeg",
    "+00000000000beef",
    "-00000000000beef", " 00000000000beef", "00000000000béef", "０００００",
  ])
  func `what is not an epoch is refused`(_ text: String) {
    #expect(Epoch(text) == nil)
  }
}
