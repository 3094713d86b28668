import Experiments
import Measurement
import Report
import Results
import Testing

/// A run that failed says so, and why, in every format.
@Suite struct FailureTests {
  private func texts(_ result: RunResult) throws -> [String] {
    [
      TerminalReport(result, width: 10_000).text, MarkdownReport(result).text, CSVReport(result).text,
      try JSONReport(result).text, HTMLReport(result, library: nil).text, try Comparison(result, result).text,
    ]
  }

  @Test func `a run that did not come to its end`() throws {
    var result = try Sample.result()
    for text in try texts(result) { #expect(!text.contains("had not ended")) }
    result.failure = RunResult.unfinished
    for text in try texts(result) { #expect(text.contains("had not ended")) }
  }

  @Test func `a trial that failed`() throws {
    var result = try Sample.result()
    result.trials[1] = TrialMeasurement(
      entry: result.trials[1].entry, trial: 0, readers: 2, tokens: 3, failure: "no links")
    for text in try texts(result) { #expect(text.contains("no links")) }
  }

  @Test func `no trial at all is never all of nothing`() throws {
    var result = try Sample.result()
    result.trials = []
    for text in try texts(result) { #expect(!text.contains("0 of 0")) }
    #expect(Ledger().words == "nothing")
    #expect(TerminalReport(result).text.contains("nothing"))
  }
}
