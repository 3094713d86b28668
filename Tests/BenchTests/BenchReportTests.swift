import Experiments
import Foundation
import Measurement
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
private func lines(_ title: String, _ result: BenchResult) -> [String] {
  let lines = BenchReport(result).text.split(separator: "\n", omittingEmptySubsequences: false).map(
    String.init)
  guard let start = lines.firstIndex(of: title) else { return [] }
  return Array(lines[(start + 1)...].prefix { !$0.isEmpty })
}

@Suite struct BenchReportTests {
  @Test("A figure is a table: a row an entry, a column a number of readers, and how it grows")
  func figure() {
    #expect(
      lines("fan-out: server CPU, µs a delivery", sample) == [
        "readers                                      10                 1000  growth",
        "floor server-sent-events    10.5 (10.0 to 11.0)  5.25 (5.00 to 5.50)  × 0.50",
        "pushlab server-sent-events  12.6 (12.0 to 13.2)  6.30 (6.00 to 6.60)  × 0.50",
      ])
  }

  @Test("Ratios of medians are against the floor with the same framing")
  func ratio() {
    #expect(
      lines("fan-out: server CPU, µs a delivery, against the floor", sample) == [
        "readers                       10  1000",
        "pushlab server-sent-events  1.20  1.20",
      ])
  }

  @Test("A figure that could not be had is said in words")
  func absence() {
    let note = """
        floor server-sent-events at 10; pushlab server-sent-events at 10: not had, because fewer than five delays \
      lay beyond it
      """
    #expect(lines("fan-out: delay p99.9, ms", sample).last == note)
  }

  @Test("Doubts of a kind stand once below the figure that they touch, the worst of them")
  func doubts() {
    var result = sample
    for (place, share) in [(0, 0.8), (1, 0.9)] {
      result.turns[place].result?.doubts = FigureDoubt.ofShares(
        server: 0.5, readers: share, [.serverProcessor])
    }
    #expect(
      lines("fan-out: server CPU, µs a delivery", result).suffix(1) == [
        "  floor server-sent-events at 10: the readers used 90 % of a processor: fewer readers, or more processors"
      ])
  }

  @Test("Tokens that did not come are told, and turns that failed")
  func failures() {
    var result = sample
    result.turns[0].result?.ledger.lost = 3
    result.turns[7].failure = "1000 readers were not connected within 3 s"
    result.turns[7].result = nil
    #expect(lines("fan-out: tokens delivered", result)[1].contains("3 lost"))
    #expect(
      BenchReport(result).failures == [
        "pushlab server-sent-events, 1000: a turn failed: 1000 readers were not connected within 3 s"
      ])
  }

  @Test("The page has the same tables, and says how it was made")
  func markdown() {
    let page = BenchReport(sample).markdown
    #expect(
      page.contains("## fan-out: server CPU, µs a delivery\n\n| readers | 10 | 1000 | growth |\n|---|---:|"))
    #expect(page.contains("| pushlab server-sent-events | 1.20 | 1.20 |"))
    #expect(page.contains("- flask was measured up to 4000 readers"))
    #expect(page.contains("- again: pushlab-bench --trials 2"))
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

  @Test("The README's tables hold what decides, and say how it was made")
  func summary() {
    #expect(
      BenchReport(sample).summary.hasPrefix(
        """
        | **fan-out** | CPU, µs a delivery, 1000 | delay p99, ms, 1000 | resident, kB a connection, 1000 |
        |---|---:|---:|---:|
        | floor server-sent-events | 5.25 (5.00 to 5.50) | – | – |
        | pushlab server-sent-events | 6.30 (6.00 to 6.60) | – | – |

        - Medians over 2 trials
        """))
    #expect(BenchReport(sample).summary.hasSuffix("- again: pushlab-bench --trials 2\n"))
  }
}
