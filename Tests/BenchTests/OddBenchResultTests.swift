import Experiments
import Foundation
import Machine
import Measurement
import PlainText
import Testing

@testable import Bench

/// A bench's file that no bench has left: it is shown, or not read, and nothing ends the command.
@Suite struct OddBenchResultTests {
  private func result(_ number: Double, _ text: String = "none") -> BenchResult {
    var options = Options()
    (options.readers, options.shapes, options.rate) = ([.max, .min, 10], [.fanOut], number)
    var result = BenchResult(
      environment: RunEnvironment(processors: Processors(), engine: text), command: text, options: options,
      versions: [text], absent: [text])
    for (place, server) in [Server.floor, .pushlab, .nchan].enumerated() {
      for trial in 0..<2 {
        var turn = TurnResult()
        turn.figures = Dictionary(
          uniqueKeysWithValues: Figure.allCases.map { ($0, place == 1 ? -number : number) })
        turn.doubts = [FigureDoubt(figures: [.serverProcessor], doubt: .readersBusy(share: number))]
        turn.failures = [text: 3]
        turn.publishing = Publishing(worstLateness: number, longestAnswer: -number)
        let entry = Entry(server: server, transport: .serverSentEvents)
        result.turns.append(
          .init(.load(shape: .fanOut, entry: entry), readers: 10, trial: trial, result: turn))
      }
    }
    return result
  }

  @Test(arguments: [1e300, -1e300, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 0])
  func `numbers of any size are shown`(_ number: Double) throws {
    let report = BenchReport(try BenchResult(json: result(number).json))
    for text in [report.text(width: 120), report.markdown, report.summary] {
      #expect(text.contains("pushlab"))
    }
    if number == 1e300 { #expect(report.text(width: 120).contains("  1e+300")) }
  }

  @Test func `what a program said of itself is text`() throws {
    let report = BenchReport(result(1, "v1\u{1B}[2J\n# b\u{9B} | *c*"))
    for text in [report.text(width: 120), report.markdown, report.summary] {
      #expect(text.contains("v1 "))
      let isHarmless = text.unicodeScalars.allSatisfy { $0.isHarmless || $0 == "\n" }
      #expect(isHarmless)
      #expect(!text.contains("\n# b"))
    }
    #expect(report.markdown.contains(##"v1 \[2J \# b \| \*c\*"##))
  }

  @Test(arguments: [Int.max, .min, -1, 1_000])
  func `a trial that no bench has is not read`(_ trial: Int) throws {
    var result = result(1)
    result.turns[0].trial = trial
    #expect(throws: DecodingError.self) { try BenchResult(json: result.json) }
  }

  @Test(arguments: [Int.max, -1])
  func `a count of failures that no turn has is not read`(_ count: Int) throws {
    var result = result(1)
    result.turns[0].result?.failures = ["no": count]
    #expect(throws: DecodingError.self) { try BenchResult(json: result.json) }
  }
}
