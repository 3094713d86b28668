import Experiments
import Foundation
import LabClient
import Machine
import Measurement
import PlainText
import Testing
import Wire

@testable import Bench

/// A bench with made-up numbers: the floor and pushlab with an event stream, two trials at 10 and 1,000 readers.
private var sample: BenchResult {
  var options = Options()
  (options.readers, options.trials, options.shapes) = ([10, 1_000], 2, [.fanOut])
  var result = BenchResult(
    environment: RunEnvironment(processors: Processors(), engine: "none"),
    command: "pushlab-bench --trials 2", options: options, versions: ["nginx/1.22.1"],
    absent: ["flask was measured up to 4000 readers: it has a thread for each"])
  for (server, cost) in [(Server.floor, 5.0), (.pushlab, 6.0)] {
    for readers in options.readers {
      for trial in 0..<2 {
        var turn = TurnResult()
        turn.figures = [.serverProcessor: cost * (1 + Double(trial) / 10) * (readers == 10 ? 2 : 1)]
        if readers > 10 { turn.figures[.delay999] = cost / 5 }
        turn.ledger.delivered = readers * 10
        let entry = Entry(server: server, transport: .serverSentEvents)
        result.turns.append(
          .init(.load(shape: .fanOut, entry: entry), readers: readers, trial: trial, result: turn))
      }
    }
  }
  return result
}

/// The lines of a table.
private func lines(_ title: String, _ result: BenchResult, width: Int = 120) -> [String] {
  let lines = BenchReport(result).text(width: width).split(separator: "\n", omittingEmptySubsequences: false)
    .map(String.init)
  guard let start = lines.firstIndex(of: title) else { return [] }
  return Array(lines[(start + 1)...].prefix { !$0.isEmpty })
}

private let tooFew =
  "Medians of 2 trials of one run; in parentheses the least and the greatest, too few for an interval, which takes 6."

@Suite struct BenchReportTests {
  @Test("A figure is a table: a row an entry, a column a number of readers, what was lost, and how it grows")
  func figure() {
    #expect(
      lines("fan-out: server CPU, µs per delivery", sample) == [
        "readers                                      10                 1000  lost  growth",
        "floor server-sent-events    10.5 (10.0 to 11.0)  5.25 (5.00 to 5.50)     0  × 0.50",
        "pushlab server-sent-events  12.6 (12.0 to 13.2)  6.30 (6.00 to 6.60)     0  × 0.50",
        tooFew,
      ])
  }

  @Test("Ratios are the trials' own, against the floor with the same framing")
  func ratio() {
    #expect(
      lines("fan-out: server CPU, as a multiple of the floor's", sample) == [
        "readers                       10  1000  lost", "pushlab server-sent-events  1.20  1.20     0",
        tooFew,
      ])
  }

  @Test("From six trials on there is an interval, and what it covers is said")
  func interval() {
    var result = sample
    for turn in sample.turns where turn.trial == 0 {
      for trial in 2..<6 {
        var turn = turn
        turn.trial = trial
        turn.result?.figures[.serverProcessor]! += Double(trial)
        result.turns.append(turn)
      }
    }
    let table = lines("fan-out: server CPU, µs per delivery", result, width: 400)
    #expect(table[1].contains("12.5 [10.0, 15.0]"))
    #expect(
      table[3].hasPrefix(
        "Medians of 6 trials of one run, a fresh server each; in brackets their 95 % confidence interval "
          + "(exact, 96.8 %)."))
  }

  @Test("How far the same code differs from itself is said below each table, from the result")
  func noise() {
    var result = sample
    for turn in sample.turns {
      guard case .load(let shape, let entry) = turn.subject, entry.server == .floor else { continue }
      var turn = turn
      turn.subject = .load(shape: shape, entry: Entry(server: .floor, transport: .webSocket))
      turn.result?.figures[.serverProcessor]! *= turn.readers == 10 ? 1.25 : turn.trial == 0 ? 0.8 : 1
      result.turns.append(turn)
    }
    let note =
      "The floor's two transports, the same code, differ by up to 25 % at 10, 25 % at 1000: smaller differences are noise."
    #expect(lines("fan-out: server CPU, µs per delivery", result).last == note)
    #expect(lines("fan-out: server CPU, as a multiple of the floor's", result).last == note)
    #expect(!BenchReport(sample).text(width: 120).contains("the same code"))
  }

  @Test("A figure that could not be had is said by letter")
  func absence() {
    let table = lines("fan-out: delay p99.9, ms", sample)
    #expect(table[1].hasPrefix("floor server-sent-events    – a"))
    #expect(table[3] == "a: not measured: fewer than five delays lay beyond it")
  }

  @Test("A figure that nobody has is no table, and is told")
  func unshown() {
    #expect(lines("fan-out: kernel memory, kB per connection", sample).isEmpty)
    let note = BenchReport(sample).footnotes.first { $0.hasPrefix("not shown, since no entry has it: ") }
    #expect(
      note?.contains(
        "fan-out: kernel memory, kB per connection (so few connections drown in what else moves in memory)")
        == true)
  }

  @Test("A cell that raised doubts says so by letter, and the worst of a kind stands below")
  func doubts() {
    var result = sample
    for (place, share) in [(0, 0.8), (1, 0.9)] {
      result.turns[place].result?.doubts = FigureDoubt.ofShares(
        server: 0.5, readers: share, [.serverProcessor])
    }
    let table = lines("fan-out: server CPU, µs per delivery", result)
    #expect(table[1].contains("10.5 (10.0 to 11.0) a"))
    #expect(!table[2].contains(" a"))
    #expect(
      table[3]
        == "a: at the worst, the readers used 90 % of a processor: use fewer readers, or more processors")
    let page = BenchReport(result)
    for text in [page.markdown, page.summary] {
      #expect(text.contains("- **a** at the worst, the readers used 90 % of a processor"))
    }
  }

  @Test("What was lost is told in every table, and in the summary")
  func losses() {
    var result = sample
    result.turns[0].result?.ledger.lost = 3
    #expect(lines("fan-out: tokens delivered", result)[1].contains("3 lost"))
    let row = "| floor server-sent-events | 10.5 (10.0 to 11.0) a | 5.25 (5.00 to 5.50) | 3 |"
    let note =
      "- **a** not all tokens came as they should, and one that did not come counts with the delay that it had 10 s "
      + "after the last instant: floor server-sent-events at 10: 200 of 203: 3 lost"
    for text in [BenchReport(result).markdown, BenchReport(result).summary] {
      #expect(text.contains(row))
      #expect(text.contains(note))
    }
    let ratios = lines("fan-out: server CPU, as a multiple of the floor's", result)
    #expect(ratios[1].contains("1.20 a"))
  }

  @Test("Turns that failed are told")
  func failures() {
    var result = sample
    result.turns[7].failure = "1000 readers were not connected within 3 s"
    result.turns[7].result = nil
    #expect(
      BenchReport(result).failures == [
        "pushlab server-sent-events, 1000: a turn failed: 1000 readers were not connected within 3 s"
      ])
    #expect(lines("fan-out: server CPU, µs per delivery", result)[2].contains("6.00 ab"))
  }

  @Test("What lateness is the publisher's own stands beside what is Nchan's")
  func publishing() {
    var result = sample
    for place in result.turns.indices {
      guard case .load(let shape, let entry) = result.turns[place].subject, entry.server == .pushlab else {
        continue
      }
      let nchan = Entry(server: .nchan, transport: .webSocket)
      result.turns[place].subject = .load(shape: shape, entry: nchan)
      result.turns[place].result?.figures[.delayMedian] = 1
      result.turns[place].result?.publishing = Publishing(worstLateness: 0.25, longestAnswer: 12.5)
    }
    #expect(
      lines("fan-out: delay p50, ms", result, width: 200).contains(
        "Nchan at 1000: the publisher sent a token up to 0.25 ms late, which is the publisher's own delay; the slowest "
          + "answer came 12.5 ms after its token, which is Nchan's."))
  }

  @Test("The page has the same tables, and says how it was made")
  func markdown() {
    let page = BenchReport(sample).markdown
    #expect(
      page.contains(
        "## fan-out: server CPU, µs per delivery\n\n| readers | 10 | 1000 | lost | growth |\n|---|---:|"))
    #expect(page.contains("| pushlab server-sent-events | 1.20 | 1.20 | 0 |"))
    #expect(page.contains("- flask was measured up to 4000 readers"))
    #expect(page.contains("- again: make bench BENCH='--trials 2'"))
  }

  @Test("A table that is wider than the terminal goes on below, and no line is wider", arguments: [60, 80])
  func narrow(width: Int) {
    let text = BenchReport(sample).text(width: width)
    #expect(text.split(separator: "\n").allSatisfy { String($0).cells <= width })
    let heads = { (width: Int) in
      BenchReport(sample).text(width: width).components(separatedBy: "\nreaders ").count
    }
    #expect(heads(60) > heads(120))
  }

  @Test(
    "How processors were kept is one mode for a run, by its highest rate or as it was asked for, and is said")
  func wakefulness() {
    var options = Options()
    #expect(!options.keepsAwake)
    options.readers = [10, 400]
    #expect(options.keepsAwake)
    options.letsSleep = true
    #expect(!options.keepsAwake)
    var result = sample
    #expect(BenchReport(result).footnotes.contains("Processors were kept awake all the time."))
    result.environment.isKeptAwake = false
    #expect(BenchReport(result).footnotes.contains { $0.hasPrefix("Processors could sleep") })
  }

  @Test("Results can be read again")
  func json() throws {
    let again = try BenchResult(json: sample.json)
    var original = sample
    original.environment.date = again.environment.date
    #expect(BenchReport(again).markdown == BenchReport(original).markdown)
  }

  @Test("Loads, readers and servers decide who takes part")
  func entries() {
    let names = { (shape: Load.Shape, readers: Int) in
      let entries = Entry.all(
        shape, readers: readers, of: Server.allCases, transports: Transport.allCases)
      return Set(entries.map(\.server))
    }
    #expect(names(.fanOut, 4_000) == Set(Server.allCases))
    #expect(names(.fanOut, 4_001) == Set(Server.allCases).subtracting([.flask]))
    #expect(names(.chat, 10) == Set(Server.allCases).subtracting([.nchan]))
  }

  @Test("The transports that were asked for take part, and no others")
  func transports() {
    let entries = Entry.all(.fanOut, readers: 10, of: [.floor, .pushlab], transports: [.webSocket])
    #expect(entries.map(\.name) == ["floor websocket", "pushlab websocket"])
  }

  @Test("No two entries have one name, and none is too long for a table")
  func names() {
    let names = Entry.all(.fanOut, readers: 10, of: Server.allCases, transports: Transport.allCases).map(
      \.name)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { $0.cells <= 32 })
  }

  @Test("The summary holds what decides at all numbers of readers, and say how it was made")
  func summary() {
    #expect(
      BenchReport(sample).summary.hasPrefix(
        """
        | **fan-out: server CPU, µs per delivery**, readers | 10 | 1000 | lost | growth |
        |---|---:|---:|---:|---:|
        | floor server-sent-events | 10.5 (10.0 to 11.0) | 5.25 (5.00 to 5.50) | 0 | × 0.50 |
        | pushlab server-sent-events | 12.6 (12.0 to 13.2) | 6.30 (6.00 to 6.60) | 0 | × 0.50 |

        - Medians of 2 trials of one run;
        """))
    #expect(BenchReport(sample).summary.hasSuffix("- again: make bench BENCH='--trials 2'\n"))
  }
}
