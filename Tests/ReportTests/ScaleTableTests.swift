import Experiments
import Results
import Testing

@testable import Report

@Suite struct ScaleTableTests {
  /// The sample, as if it were to be reckoned up from two numbers of readers.
  private func result() throws -> RunResult {
    var result = try Sample.result()
    result.plan.scale = ScaleAssumptions(
      readers: 1_234_567, processors: 8, memoryGigabytes: 64, networkGigabits: 10, descriptors: 1_000_000)
    // The same variant under two names, so that there is a line to be drawn.
    result.plan.entries[0].variant = "websocket"
    result.plan.entries[0].readers = 100
    result.plan.entries[2].readers = 400
    for index in result.trials.indices {
      result.trials[index].values[.bytesUp] = 1
      result.trials[index].serverProcessorShare = result.trials[index].entry == "poll 100 ms" ? 0.1 : 0.9
    }
    return result
  }

  @Test func `a row a variant, and what it assumes`() throws {
    let table = try #require(ScaleTable(result()))
    #expect(table.title == "Extrapolated to 1,234,567 readers")
    // 1,234,567 readers of 40 tokens per second; where the server was busiest a token cost 7.8 to 8.5 µs, 39.4 bytes and
    // 0.0208 requests, and a reader 9.69 to 10.07 kB.
    #expect(
      table.rows == [
        ["websocket", "400", "10", "20", "1,000,000", "processors", "20,000"],
        // 9.4 to 10.1 µs and 89.1 bytes; its memory was not measured.
        ["server-sent-events", "500", "–", "40", "1,000,000", "processors", "20,000"],
      ])
    #expect(table.rows[0].count == table.head.count)
    #expect(table.text.contains("where the server was busiest, at 90 % of one"))
    #expect(table.text.contains("8 processors, 64 GB, 10 Gbit/s and 1,000,000 descriptors"))
  }

  @Test func `every format for people shows it`() throws {
    let result = try result()
    for text in [
      TerminalReport(result, hasColour: false).text, MarkdownReport(result).text,
      HTMLReport(result, library: nil).text,
    ] {
      #expect(text.contains("Extrapolated to 1,234,567 readers"))
      #expect(text.contains("1,000,000"))
      #expect(text.contains("requests per second"))
    }
  }

  @Test func `a quick look is too little to reckon by`() throws {
    var result = try result()
    result.plan.isQuick = true
    #expect(ScaleTable(result) == nil)
  }

  @Test func `who asks for none sees none`() throws {
    #expect(try ScaleTable(Sample.result()) == nil)
    #expect(try !MarkdownReport(Sample.result()).text.contains("On paper"))
  }
}
