import Experiments
import Foundation
import Measurement
import Testing

@testable import Machine
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
      report.words(report.notes[0])
        == "this is a debug build: run 'make build', then use .build/release/pushlab")
  }

  @Test func `a doubt about what is not shown is not told`() throws {
    var result = try Sample.result()
    result.plan.metrics = [.requests, .bytesDown]
    let report = Report(result)
    #expect(report.notes.isEmpty)
    #expect(report.rows[0].cells.map(\.metric) == [.requests, .bytesDown])
  }

  @Test func `differences hold for all columns at once`() throws {
    let result = try Sample.result()
    let cell = Report(result).rows[0].cells[0]
    #expect(
      cell.difference
        == PairedDifference(
          runs: [
            zip(
              result.values(.delayMedian, of: "poll 100 ms")[0],
              result.values(.delayMedian, of: "server-sent-events")[0]
            ).map { (entry: $0, baseline: $1) }
          ], comparisons: 5))
  }

  @Test func `how many trials were kept`() throws {
    var result = try Sample.result()
    #expect(Report(result).trialsText == "9 trials")
    result.trials.removeLast(6)
    result.isInterrupted = true
    #expect(Report(result).trialsText == "7 trials of 9 planned")
    #expect(Report(result).failures == ["the run: it was interrupted when 7 of 9 trials were complete"])
    // Nobody reads two answers out of one report: a trial that has no number is none of those that numbers rest on.
    for index in result.trials.indices where result.trials[index].trial == 6 {
      result.trials[index].ledger.delivered = 0
    }
    #expect(Report(result).trialsText == "6 trials of 9 planned")
    result.plan.trials = 1
    result.isInterrupted = false
    result.trials.removeLast(18)
    #expect(Report(result).trialsText == "1 trial")
  }

  @Test func `trials of a run that was cut short are said to be left out`() throws {
    var result = try Sample.result()
    result.plan.runs = 3
    let second = result.trials.filter { $0.trial < 2 }.map { trial in
      var trial = trial
      trial.run = 1
      return trial
    }
    result.trials += second
    result.isInterrupted = true
    #expect(
      Report(result).failures == [
        "the run: it was interrupted when 11 of 27 trials were complete; those of the unfinished run are not "
          + "in the tables"
      ])
  }

  @Test func `where it was made`() throws {
    var result = try Sample.result()
    let text = Report(result).environmentText
    #expect(
      text
        == "2025-01-31T12:00:00Z · Linux 6.8.0 · Imaginary 3000 · virtual machine · server on processor 0, readers "
        + "on 1,2 · processors kept awake · libwebsockets 4.3.5, epoll · release build")
    result.environment.machine.isVirtual = false
    let revision = #"{"commit": "0123456789abcdef0123456789abcdef01234567", "hasChanges": true}"#
    result.environment.revision = try JSONDecoder().decode(SourceRevision.self, from: Data(revision.utf8))
    #expect(Report(result).environmentText.contains(" · no hypervisor seen · "))
    #expect(Report(result).environmentText.hasSuffix(" · release build of 0123456789 with changes"))
    result.environment.processors.server = []
    #expect(Report(result).environmentText.contains(" · server and readers share a processor · "))
  }

  private func difference(_ differences: [Double], comparisons: Int = 1) throws -> PairedDifference {
    try #require(
      PairedDifference(runs: [differences.map { (entry: 10 + $0, baseline: 10) }], comparisons: comparisons))
  }

  @Test func `a difference has a sign and an interval, or none was shown, or the trials are too few`() throws
  {
    #expect(try difference([-2, -1, 0, 0, 1, 2]).words == "not significant [−2.00, 2.00]")
    #expect(try difference([0, 0, 0, 0, 0, 0]).words == "not significant")
    #expect(try difference([28, 29, 28, 29, 28, 29]).words == "+28.5 [28.0, 29.0]")
    #expect(try difference([-28, -29, -28, -29, -28, -29]).words == "−28.5 [−29.0, −28.0]")
    #expect(try difference([-1, -1, -1, -1, -1, -1]).words == "−1.00")
    let few = try difference([-1, -1, -1, -1, -1])
    #expect(few.words == "too few")
    #expect(few.shortage == "too few trials: it takes 6")
    let seven = try difference([-1, -1, -1, -1, -1, -1, -1], comparisons: 5)
    #expect(seven.shortage == "too few trials: 5 differences take 8")
  }

  // Of nine, the second and the eighth hold the median 96.09 % of the time; the first and the last of five
  // differences at once 98.04 %.
  @Test func `what the intervals of one run say`() throws {
    let report = Report(try Sample.result())
    #expect(
      report.intervalText
        == "Medians of 9 trials, in brackets their 95 % confidence interval (exact, at least 96.0 %). It covers "
        + "repeatability within one run: another run may differ by more. ≤ marks the worst trial where it lies outside."
    )
    #expect(
      report.differenceText
        == "Differences are medians of the trials' paired differences; the intervals of one line hold jointly with "
        + "at least 98.0 % confidence. 'Not significant' means that the interval includes zero; it says how large a "
        + "difference may be.")
  }

  // Of six, the first and the last hold it 96.87 % of the time.
  @Test func `what the intervals over runs say`() throws {
    let report = Report(try Sample.runs())
    #expect(
      report.intervalText
        == "Medians of 6 runs of 3 trials, each run's the median of its trials; in brackets their 95 % confidence "
        + "interval (exact, at least 96.8 %). It covers repeatability over the time in which they were made: runs at "
        + "another hour may differ by more, and --every spreads them. ≤ marks the worst trial where it lies outside."
    )
    #expect(
      report.differenceText
        == "Differences from the baseline: too few runs: 5 differences take 8 to be shown."
    )
    #expect(report.differences.isEmpty)
    // The medians of the runs, and of all trials the one of 51.3 and a tenth more.
    #expect(report.rows[0].cells[0].words == "50.3 [48.8, 51.3] ≤56.4")
  }

  @Test func `too few trials for an interval show what was seen, and tell no difference`() throws {
    let report = Report(try Sample.result(trials: 5))
    #expect(
      report.intervalText
        == "Medians of 5 trials, in parentheses the least and the greatest trial: too few for a confidence interval, "
        + "which takes 6 trials.")
    #expect(report.rows[0].cells[0].words == "50.2 (48.8 to 51.3)")
    #expect(report.rows[0].cells[0].difference?.words == "too few")
  }

  @Test func `rows stand in groups, one a condition`() throws {
    let groups = Report.groups(Report(try Sample.conditions()).rows)
    #expect(groups.map(\.condition) == ["eleven", "twenty"])
    #expect(groups.map { $0.rows.map(\.entry.variant) } == [Sample.names, Sample.names])
  }

  @Test func `columns come in blocks that a page has room for, none of them much wider than another`() throws
  {
    let report = Report(try Sample.result())
    #expect(report.blocks(0..<5) == [0..<5])
    #expect(report.blocks(5..<18) == [5..<9, 9..<13, 13..<18])
    #expect(report.blocks(3..<3) == [])
  }

  @Test func `a quick look says so in its first line, and tells no difference`() throws {
    var result = try Sample.result()
    result.plan.isQuick = true
    let report = Report(result)
    #expect(report.title == "The typewriter: a quick look, too small to decide by")
    #expect(report.differences.isEmpty)
    #expect(report.threats[0].hasPrefix("It is a quick look: "))
    #expect(TerminalReport(result).text.hasPrefix("\(report.title)\n"))
    #expect(MarkdownReport(result).text.hasPrefix("# \(report.title)\n"))
    #expect(HTMLReport(result, library: nil).text.contains("<body>\n<h1>\(report.title)</h1>\n"))
    for text in [
      TerminalReport(result).text, MarkdownReport(result).text, HTMLReport(result, library: nil).text,
    ] {
      #expect(!text.contains("Difference from the baseline"))
    }
  }

  @Test func `a report says what it does not show, as its run was made`() throws {
    var result = try Sample.result()
    func threat(_ start: String) -> String? { Report(result).threats.first { $0.hasPrefix(start) } }
    #expect(threat("No network: ") != nil)
    #expect(threat("Who pays: ")?.contains("(both_cpu_us_per_token)") == true)
    #expect(threat("One run: ") != nil)
    #expect(threat("Processors were kept awake: ") != nil)
    #expect(threat("One machine, Imaginary 3000: ")?.contains("took 0.4 % of its processors' time") == true)
    result.environment.isKeptAwake = false
    result.environment.machine.isVirtual = false
    result.environment.processors.server = []
    result.plan.metrics = [.delayMedian]
    for index in result.trials.indices { result.trials[index].values[.serverProcessor] = nil }
    #expect(threat("Processors could sleep: ") != nil)
    #expect(threat("One machine, Imaginary 3000, whose processor server and readers shared: ") != nil)
    #expect(threat("Who pays: ") == nil)
    result.trials += try Sample.runs().trials
    result.plan.trials = 3
    #expect(threat("6 runs from 2025-01-31T12:00:00Z on: ") != nil)
    #expect(try TerminalReport(Sample.result()).text.contains("\nWhat this does not show\n- No network: "))
    #expect(try JSONReport(Sample.result()).text.contains("\"No network: "))
  }
}
