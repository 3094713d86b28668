import Foundation
import Testing

@testable import Experiments
@testable import Measurement
@testable import Report
@testable import Results

/// Results that no run leaves and a file can hold: every format shows them, and nothing ends the command.
@Suite struct OddResultTests {
  /// All formats, each looked at for what it must be whatever the numbers are.
  private func show(_ result: RunResult) throws {
    let terminal = TerminalReport(result).text
    #expect(terminal.hasPrefix("The typewriter\n"))
    #expect(MarkdownReport(result).text.hasPrefix("# The typewriter\n"))
    #expect(CSVReport(result).text.hasPrefix("entry,metric,"))
    #expect(!CSVReport(result).text.contains(/,-?(inf|nan)/))
    let json = try JSONReport(result).text
    #expect(try JSONSerialization.jsonObject(with: Data(json.utf8)) is [String: Any])
    let html = HTMLReport(result, library: PlotLibrary(javaScript: "")).text
    // A number that JSON has no text for would leave a plot empty.
    #expect(!html.contains(", {}, {actions"))
    #expect(html.hasSuffix("</html>\n"))
    #expect(try Comparison(result, Sample.result()).text.contains("what changed"))
    #expect(try Comparison(Sample.result(), result).text.contains("what changed"))
  }

  /// Those that the plots and what is reckoned up from rest on.
  private static let metrics: [Metric] = [.delayMedian, .requests, .bytesDown, .bytesUp, .serverProcessor]

  /// The sample's first two trials with other numbers in all places that take any.
  private func result(_ number: (Int) -> Double) throws -> RunResult {
    var result = try Sample.result()
    result.plan.scale = ScaleAssumptions(
      readers: .max, processors: 0, memoryGigabytes: number(0), networkGigabits: 0, descriptors: .min)
    result.plan.entries[0].variant = "websocket"
    result.plan.entries[0].readers = 100
    result.plan.entries[2].readers = .max
    result.plan.metrics = Self.metrics
    result.trials = Array(result.trials.prefix(6))
    for index in result.trials.indices {
      let value = number(index)
      result.trials[index].values = Dictionary(uniqueKeysWithValues: Self.metrics.map { ($0, value) })
      result.trials[index].readersProcessorShare = value
      result.trials[index].eventLoopLagMilliseconds = value
      result.trials[index].scheduleLatenessMilliseconds = value
      result.trials[index].doubts = [
        .readersBusy(share: value), .clockStep(milliseconds: value), .retransmissions(.max),
        .keepAliveLost(.min),
        .tooFewSamples(.delay99, count: .max),
      ]
    }
    for name in result.memory.keys {
      result.memory[name]?.residentBytes = (0..<6).map(number)
      result.memory[name]?.kernelBytes = (0..<6).map { number($0 + 1) }
    }
    for name in result.distributions.keys {
      result.distributions[name] = [
        .init(quantile: number(0), milliseconds: number(1)), .init(quantile: 1, milliseconds: 1),
      ]
    }
    result.staircases["websocket"] = [.init(milliseconds: number(0), tokens: .max)]
    return result
  }

  @Test(arguments: [1e300, -1e17, .greatestFiniteMagnitude, .leastNonzeroMagnitude])
  func `numbers of any size are shown`(_ number: Double) throws {
    try show(try result { _ in number })
  }

  @Test func `numbers that lie as far apart as they can are shown`() throws {
    for far in [1e300, Double.greatestFiniteMagnitude] {
      try show(try result { $0.isMultiple(of: 2) ? far : -far })
      try show(try result { $0.isMultiple(of: 2) ? far : 1e-300 })
    }
  }

  @Test func `a number that no measurement comes to stands in the tables`() throws {
    var result = try result { _ in 1e300 }
    for index in result.trials.indices { result.trials[index].doubts = [] }
    #expect(TerminalReport(result).text.contains("  1e+300 "))
    #expect(MarkdownReport(result).text.contains("| 1e+300 |"))
    #expect(CSVReport(result).text.contains("websocket,delay_p50_ms,1e+300,,,,trials,2,1e+300,1e+300,"))
  }

  @Test func `a plan of nothing is shown`() throws {
    var result = try Sample.result()
    result.plan.trials = .min
    result.plan.order = []
    for change: (inout RunResult) -> Void in [
      { $0.plan.entries = [] }, { $0.plan.metrics = [] }, { $0.trials = [] }, { $0.distributions = [:] },
      { $0.staircases = ["websocket": []] },
      { $0.memory = ["nobody's": .init(connections: 0)] },
    ] {
      change(&result)
      try show(result)
    }
  }

  @Test func `entries that are named alike, or compared with none, are shown`() throws {
    var result = try Sample.result()
    for index in result.plan.entries.indices { result.plan.entries[index].name = "websocket" }
    result.plan.entries[1].baseline = "none of them"
    result.plan.metrics += result.plan.metrics
    try show(result)
  }
}
