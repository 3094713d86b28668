import Testing

@testable import Answers
@testable import Measurement

@Suite struct ReadersSamplesTests {
  /// Of each reader a sample every 100 ms.
  private func samples(readers: Int, each: Int, _ value: (Int, Int) -> Double) -> ReadersSamples {
    ReadersSamples(
      (0..<readers).map { reader in
        (0..<each).map { ReadersSamples.Sample(value: value(reader, $0), at: Readings.at($0 * 100)) }
      })
  }

  @Test func `one reader is one sample, and nobody is none`() {
    #expect(samples(readers: 1, each: 500) { _, index in Double(index) }.effectiveCount(at: 0.99) == 1)
    #expect(ReadersSamples([]).effectiveCount(at: 0.99) == 0)
    #expect(ReadersSamples([[], []]).effectiveCount(at: 0.99) == 0)
  }

  @Test func `readers that see the same share beyond, at other times, are worth all their samples`() {
    let even = samples(readers: 8, each: 300) { reader, index in Double((index + reader * 37) % 300) }
    #expect(even.effectiveCount(at: 0.99) == 2_400)
  }

  @Test func `a moment that all readers see alike is worth one sample, as in a stall of them all`() {
    let stalled = samples(readers: 8, each: 300) { _, index in index % 100 == 7 ? 50 : 0 }
    // 24 samples are late, in three moments.
    #expect((290...310).contains(stalled.effectiveCount(at: 0.985)))
    let oneSchedule = samples(readers: 8, each: 300) { _, index in Double(index) }
    #expect((290...310).contains(oneSchedule.effectiveCount(at: 0.99)))
  }

  @Test func `all samples of one moment are one`() {
    let moment = ReadersSamples(
      (0..<9).map { [ReadersSamples.Sample(value: Double($0), at: Readings.at(3))] })
    #expect(moment.effectiveCount(at: 0.9) == 1)
  }

  @Test func `readers that see it all or not at all are worth hardly one sample each`() {
    // One of ten readers is late with every token.
    let stalled = samples(readers: 10, each: 100) { reader, index in reader == 0 ? 100 + Double(index) : 0 }
    #expect(stalled.effectiveCount(at: 0.9) == 9)
  }

  @Test func `independent samples are worth most of their number, on average`() {
    var generator = SeededGenerator(seed: 3)
    let counts = (0..<200).map { _ in
      Double(samples(readers: 20, each: 100) { _, _ in generator.unit() }.effectiveCount(at: 0.95))
    }
    #expect((1_500...2_000).contains(counts.reduce(0, +) / 200))
  }

  @Test func `nothing beyond is all samples`() {
    #expect(samples(readers: 4, each: 10) { _, _ in 5 }.effectiveCount(at: 0.99) == 40)
  }
}
