import Testing

@testable import Answers

@Suite struct RandomnessTests {
  // The reference implementation's output for this seed, https://prng.di.unimi.it/splitmix64.c
  @Test func `SplitMix64 as published`() {
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(
      (0..<5).map { _ in generator.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test func `unit lies in 0..<1 and around one half`() {
    var generator = SeededGenerator(seed: 1)
    let values = (0..<20_000).map { _ in generator.unit() }
    #expect(values.allSatisfy { (0..<1).contains($0) })
    #expect(abs(values.reduce(0, +) / 20_000 - 0.5) < 0.01)
  }

  @Test func `below reaches every value and no other`() {
    var generator = SeededGenerator(seed: 1)
    #expect(Set((0..<1_000).map { _ in generator.below(7) }) == Set(0..<7))
  }

  @Test func `normal has mean 0 and variance 1`() {
    var generator = SeededGenerator(seed: 1)
    let values = (0..<20_000).map { _ in generator.normal() }
    let mean = values.reduce(0, +) / 20_000
    #expect(abs(mean) < 0.03)
    #expect(abs(values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000 - 1) < 0.05)
  }

  @Test func `a digest keeps the seams between texts`() {
    var one = Digest(of: "d")
    one.add("ab")
    one.add("c")
    var other = Digest(of: "d")
    other.add("a")
    other.add("bc")
    #expect(one.value != other.value)
    #expect(Digest(of: "d").value != Digest(of: "e").value)
    #expect(Digest(of: "d").value == Digest(of: "d").value)
  }
}
