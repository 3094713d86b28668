import Experiments
import Measurement
import Testing

@testable import Report

// What all formats share.
@Suite struct ReportTests {
  @Test func `a doubt stands at the numbers it touches, and nowhere else`() throws {
    let report = Report(try Sample.result())
    #expect(report.notes.map(\.letter) == ["a"])
    #expect(report.notes.map(\.doubt) == [.retransmissions(2)])
    #expect(report.rows.map { $0.cells.map(\.letters) }.prefix(2).allSatisfy { $0 == ["", "", "", "", ""] })
    #expect(report.rows[2].cells.map(\.letters) == ["a", "a", "", "", ""])
  }

  @Test func `where there is no number, only what kept it away has a letter`() throws {
    var result = try Sample.result()
    for index in result.trials.indices where result.trials[index].entry == "websocket" {
      result.trials[index].values[.delayMedian] = nil
      result.trials[index].values[.delay99] = nil
      result.trials[index].doubts = [.eventLoopLag(milliseconds: 9), .tooFewSamples(.delay99, count: 3)]
    }
    let cells = Report(result).rows[2].cells
    #expect(cells.map(\.letters) == ["", "b", "", "", ""])
  }

  @Test func `entries share a doubt of the same kind, and the worst speaks`() throws {
    var result = try Sample.result()
    result.trials[1].doubts = [.retransmissions(1), .keepAliveLost(1)]
    let report = Report(result)
    #expect(report.notes.map(\.letter) == ["a", "b"])
    #expect(report.words(report.notes[0]).hasPrefix("server-sent-events: 1 connection beyond"))
    #expect(report.words(report.notes[1]).hasPrefix("server-sent-events; websocket: 2 segments were"))
    #expect(report.rows[1].cells.map(\.letters) == ["ab", "ab", "", "a", ""])
    #expect(report.rows[2].cells.map(\.letters) == ["b", "b", "", "", ""])
  }

  @Test func `a doubt of all entries names none`() throws {
    var result = try Sample.result()
    result.environment.build = "debug"
    let report = Report(result)
    #expect(
      report.words(report.notes[0]) == "this is a debug build: make build, and run .build/release/pushlab")
  }

  @Test func `a doubt about what is not shown is not told`() throws {
    let report = Report(try Sample.result(), metrics: [.requests, .bytesDown])
    #expect(report.notes.isEmpty)
    #expect(report.rows[0].cells.map(\.metric) == [.requests, .bytesDown])
  }

  @Test func `differences hold for all columns at once`() throws {
    let result = try Sample.result()
    let cell = Report(result).rows[0].cells[0]
    #expect(
      cell.difference
        == PairedDifference(
          result.values(.delayMedian, of: "poll 100 ms"),
          baseline: result.values(.delayMedian, of: "server-sent-events"), comparisons: 5))
  }

  @Test func `how many trials were kept`() throws {
    var result = try Sample.result()
    #expect(Report(result).trialsText == "5 trials")
    result.trials.removeLast(6)
    result.isInterrupted = true
    #expect(Report(result).trialsText == "3 trials of 5 planned, because the run was interrupted")
    result.plan.trials = 1
    result.isInterrupted = false
    result.trials.removeLast(6)
    #expect(Report(result).trialsText == "1 trial")
  }

  @Test func `where it was made`() throws {
    var result = try Sample.result()
    let text = Report(result).environmentText
    #expect(
      text == "2025-01-31T12:00:00Z · Linux 6.8.0 · Imaginary 3000 · server on processor 0, readers on 1,2 · "
        + "processors kept awake · libwebsockets 4.3.5, epoll · release build")
    result.environment.processors.server = []
    #expect(Report(result).environmentText.contains(" · server and readers share a processor · "))
  }

  @Test func `a difference has a sign and an interval, or is not shown`() throws {
    let none = try #require(PairedDifference([1, 4], baseline: [1, 1]))
    #expect(none.words == "none shown")
    let up = try #require(PairedDifference([30, 40, 50], baseline: [1, 12, 21]))
    #expect(up.words == "+28.7 ±1.43")
    let down = try #require(PairedDifference([1, 12, 21], baseline: [30, 40, 50]))
    #expect(down.words == "−28.7 ±1.43")
    let exact = try #require(PairedDifference([1, 2], baseline: [2, 3]))
    #expect(exact.words == "−1.00")
  }
}
