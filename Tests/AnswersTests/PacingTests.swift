import Answers
import MonotonicTime
import Testing

@Suite struct PacingTests {
  private func offsets(_ pacing: Pacing, count: Int = 20_001, prompt: String = "pace") -> [Duration] {
    Question(prompt: prompt, tokenCount: count, pacing: pacing).offsets
  }

  private func gaps(_ offsets: [Duration]) -> [Double] {
    zip(offsets, offsets.dropFirst()).map { ($1 - $0).inSeconds }
  }

  @Test func `there is one offset a token, the first after the think time`() {
    let offsets = offsets(Pacing(think: .milliseconds(750)), count: 12)
    #expect(offsets.count == 12)
    #expect(offsets.first == .milliseconds(750))
  }

  @Test(arguments: [0.0, 0.3, 1, 10], [1, 4])
  func `an offset never falls`(jitter: Double, burst: Int) {
    #expect(gaps(offsets(Pacing(rate: 1_000, jitter: jitter, burst: burst))).allSatisfy { $0 >= 0 })
  }

  @Test func `a gap that does not fit into 64 bits of nanoseconds is cut short`() {
    let offsets = offsets(Pacing(think: .zero, rate: 1e-12, jitter: 0), count: 3)
    #expect(offsets == [.zero, .seconds(1_000_000), .seconds(2_000_000)])
  }

  @Test func `without jitter it is a metronome`() {
    let offsets = offsets(Pacing(think: .milliseconds(400), rate: 40, jitter: 0), count: 100)
    #expect(offsets == (0..<100).map { .milliseconds(400 + 25 * $0) })
  }

  @Test(arguments: [0.1, 0.3, 0.5, 1])
  func `gaps have the mean of the rate and the spread of the jitter`(_ jitter: Double) {
    let gaps = gaps(offsets(Pacing(think: .zero, rate: 25, jitter: jitter)))
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    #expect(abs(mean * 25 - 1) < 0.02, "mean gap \(mean)")
    #expect(abs(variance.squareRoot() / mean / jitter - 1) < 0.05, "CV \(variance.squareRoot() / mean)")
  }

  @Test func `a burst's tokens share an instant and keep the rate`() {
    let offsets = offsets(Pacing(think: .zero, rate: 100, jitter: 0.3, burst: 4), count: 20_000)
    for start in stride(from: 0, to: offsets.count, by: 4) {
      #expect(Set(offsets[start..<start + 4]).count == 1)
    }
    #expect(Set(offsets).count == offsets.count / 4)
    let rate = Double(offsets.count - 4) / offsets[offsets.count - 1].inSeconds
    #expect(abs(rate / 100 - 1) < 0.02, "\(rate)")
  }

  // Both ends compute the schedule; recorded delays rest on these.
  @Test func `the first three offsets of one question`() {
    let question = Question(prompt: "Why is the sky blue?", seed: 7, tokenCount: 3)
    #expect(question.offsets.map(\.inNanoseconds) == [400_000_000, 447_436_081, 476_310_819])
  }

  @Test func `prompt and seed change the schedule, the length does not`() {
    let pacing = Pacing()
    let offsets = offsets(pacing, count: 20)
    #expect(self.offsets(pacing, count: 20, prompt: "other") != offsets)
    #expect(Question(prompt: "pace", seed: 1, tokenCount: 20, pacing: pacing).offsets != offsets)
    #expect(Array(self.offsets(pacing, count: 40).prefix(20)) == offsets)
  }

  @Test func `the schedule itself is endless`() {
    var schedule = Schedule(Question(prompt: "pace", tokenCount: 1))
    for _ in 0..<1_000 { #expect(schedule.next() != nil) }
  }
}
