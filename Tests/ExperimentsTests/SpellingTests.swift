import Experiments
import MonotonicTime
import Testing

@testable import Results

/// Numbers and texts of an experiment file mean what a person reads, whatever YAML 1.1 makes of them.
@Suite struct SpellingTests {
  private func experiment(_ tokens: String = "50", rate: String = "20", name: String = "a") throws
    -> Experiment
  {
    try Experiment(
      name: "01-x",
      yaml: """
        title: T
        question: Q
        prediction: P
        stream: {prompt: x, tokens: \(tokens), rate: \(rate)}
        transports: [{transport: websocket, name: \(name)}]
        metrics: [delay_p50_ms]
        """, file: "x.yml")
  }

  private func mistake(_ read: @autoclosure () throws -> Experiment) -> String? {
    #expect(throws: ExperimentError.self) { try read() }?.description
  }

  @Test(arguments: [("010", 10), ("0100", 100), ("007", 7), ("+5", 5), ("'12'", 12)])
  func `a whole number is what its digits say`(_ text: String, _ number: Int) throws {
    #expect(try experiment(text).conditions[0].tokens == number)
  }

  @Test(arguments: [
    "0x10", "0o17", "0b11", "1_000", "1:30", "1:0", "1.0", "1e3", "5 tokens", "yes", "~", "", "null", "[5]",
    "99999999999999999999", "٣",
  ])
  func `what is no whole number is refused`(_ text: String) {
    #expect(mistake(try experiment(text)) == "x.yml:4: 'tokens' takes a whole number from 1 to 100000")
  }

  @Test(arguments: [("010.5", 10.5), ("1e2", 100), (".5", 0.5), ("+2.", 2), ("0100", 100), ("25e-1", 2.5)])
  func `a number is what its digits say`(_ text: String, _ number: Double) throws {
    #expect(try experiment(rate: text).conditions[0].pacing.rate == number)
  }

  @Test(arguments: [
    ".nan", "NaN", ".inf", "-.inf", "inf", "1:30", "1:30.5", "0x10", "1_0", "0x1p4", "1e999", "on", "~",
    "2024-01-01",
  ])
  func `what is no finite decimal number is refused`(_ text: String) {
    #expect(mistake(try experiment(rate: text)) == "x.yml:4: 'rate' takes a number from 0.01 to 100000.0")
  }

  @Test(arguments: [
    ("no", "no"), ("1e3", "1e3"), ("0x10", "0x10"), ("010", "010"), ("1:30", "1:30"), ("'~'", "~"),
    ("\"null\"", "null"), ("true", "true"), ("2024-01-01", "2024-01-01"),
  ])
  func `a text stays as it was written`(_ text: String, _ name: String) throws {
    #expect(try experiment(name: text).variants[0].name == name)
  }

  @Test(arguments: ["~", "null", "Null", "NULL", "", "''", "{=: a}"])
  func `what is nothing is no text`(_ text: String) {
    #expect(mistake(try experiment(name: text)) == "x.yml:5: 'name' takes a text")
  }
}
