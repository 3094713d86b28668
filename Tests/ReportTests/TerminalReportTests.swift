import Experiments
import Measurement
import Testing

@testable import Report

@Suite struct TerminalReportTests {
  private func longestLine(_ text: String) -> Int {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(\.count).max() ?? 0
  }

  @Test func `the whole report`() throws {
    #expect(
      TerminalReport(try Sample.result()).text == """
        The typewriter
        How long does a token take to reach its reader?

                               delay p50     delay p99    requests  bytes down  server CPU    ledger
                                      ms            ms     a token     a token  µs a token
        poll 100 ms           50.2 ±1.25    99.2 ±0.55  0.25 ±0.01   142 ±2.05  31.2 ±1.35  all 2640
        server-sent-events    0.21 ±0.02    0.61 ±0.06        0.02        88.1  9.70 ±0.60  all 2640
        websocket           0.21 ±0.02 a  0.62 ±0.08 a        0.02        38.4  8.10 ±0.55  all 2640

        Less the baseline, server-sent-events

                       delay p50    delay p99     requests   bytes down   server CPU
                              ms           ms      a token      a token   µs a token
        poll 100 ms  +49.8 ±2.18  +98.6 ±0.90  +0.23 ±0.01  +53.3 ±3.31  +21.6 ±1.35
        websocket     none shown   none shown   none shown        −49.7  −1.56 ±0.31

        memory of a waiting reader  resident  kernel
        poll 100 ms                   5.2 kB  3.1 kB
        websocket                     6.9 kB  3.1 kB

        a  websocket: 2 segments were sent again: the path lost some, and their delay is in the numbers

        Medians over 5 trials, ± half of the 95 % interval.
        Differences are paired by trial; their 95 % hold for all of a line at once.
        The lab itself: readers 10.0 µs of processor a token, at most 0.14 of a processor; event-loop \
        lag
          0.42 ms; tokens appended 0.031 ms after their instants.
        2025-01-31T12:00:00Z · Linux 6.8.0 · Imaginary 3000 · server on processor 0, readers on 1,2 ·
          processors kept awake · libwebsockets 4.3.5, epoll · release build

        """)
  }

  @Test func `colours are for terminals that show them, and change no text`() throws {
    let result = try Sample.result()
    let plain = TerminalReport(result).text
    let coloured = TerminalReport(result, hasColour: true).text
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.hasPrefix("\u{1B}[1mThe typewriter\u{1B}[0m\nHow long"))
    #expect(coloured.contains("\u{1B}[1mLess the baseline, server-sent-events\u{1B}[0m\n"))
    #expect(coloured.contains("\n\u{1B}[33ma  websocket: 2 segments were sent again"))
    #expect(coloured.contains("in the numbers\u{1B}[0m\n"))
    #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
  }

  @Test func `metrics that do not fit stand below`() throws {
    var result = try Sample.result()
    result.plan.metrics = Metric.allCases
    for index in result.trials.indices {
      result.trials[index].values = Dictionary(
        uniqueKeysWithValues: Metric.allCases.map { ($0, 1_000 + Double(index)) })
    }
    let text = TerminalReport(result).text
    #expect(longestLine(text) <= 100)
    for metric in Metric.allCases { #expect(text.contains("  \(metric.title)"), "\(metric.title)") }
    #expect(text.matches(of: #/\nserver-sent-events  /#).count > 2)
    #expect(text.matches(of: /all 2640\n/).count == 3)
  }

  @Test func `no line is longer than 100 characters, however long the texts`() throws {
    let long = Array(repeating: "sesquipedalian", count: 30).joined(separator: " ")
    var result = try Sample.result(renamed: "websocket behind a proxy, with an interval of a second")
    result.title = long
    result.question = long
    result.trials[2].failures = ["the server answered 500: " + String(repeating: "x", count: 350)]
    result.trials[2].ledger.lost = 12_345
    result.trials[2].ledger.reordered = 12_345
    let text = TerminalReport(result).text
    #expect(longestLine(text) <= 100)
    // Nothing but the name in the tables is cut.
    let joined = text.filter { !$0.isWhitespace }
    #expect(joined.hasPrefix(long.replacing(" ", with: "") + long.replacing(" ", with: "")))
    #expect(joined.contains(String(repeating: "x", count: 350)))
    #expect(text.contains("\nwebsocket behind a proxy, with …  "))
  }

  @Test func `faults, failures and missing numbers`() throws {
    var result = try Sample.result()
    result.trials = Array(result.trials.prefix(6))
    result.isInterrupted = true
    result.memory = [:]
    result.trials[0].values = [:]
    result.trials[0].failures = ["the server cannot be reached: no"]
    result.trials[0].ledger.delivered = 0
    result.trials[0].ledger.lost = 528
    result.trials[1].ledger.duplicated = 1
    result.trials[1].ledger.reordered = 2
    result.trials[1].ledger.corrupted = 3
    result.trials[5].doubts = []
    #expect(
      TerminalReport(result).text == """
        The typewriter
        How long does a token take to reach its reader?

                             delay p50     delay p99  requests  bytes down
                                    ms            ms   a token     a token
        poll 100 ms               49.1          99.8      0.25         140
        server-sent-events  0.20 ±0.01    0.60 ±0.02      0.02        88.1
        websocket               0.21 a  0.60 ±0.04 a      0.02        38.4

                            server CPU                               ledger
                            µs a token
        poll 100 ms               30.5                             528 lost
        server-sent-events  9.45 ±0.25  1 doubled, 2 reordered, 3 corrupted
        websocket           8.00 ±0.10                             all 1056

        Less the baseline, server-sent-events

                      delay p50   delay p99    requests  bytes down  server CPU
                             ms          ms     a token     a token  µs a token
        poll 100 ms           –           –           –           –           –
        websocket    none shown  none shown  none shown       −49.7  none shown

        a  websocket: 1 segment was sent again: the path lost some, and their delay is in the numbers

        Medians over 2 trials of 5 planned, because the run was interrupted, ± half of the 95 % interval.
        Differences are paired by trial; their 95 % hold for all of a line at once.
        The lab itself: readers 12.0 µs of processor a token, at most 0.11 of a processor; event-loop lag
          0.42 ms; tokens appended 0.031 ms after their instants.
        2025-01-31T12:00:00Z · Linux 6.8.0 · Imaginary 3000 · server on processor 0, readers on 1,2 ·
          processors kept awake · libwebsockets 4.3.5, epoll · release build
        poll 100 ms: the server cannot be reached: no

        """)
  }

  @Test(arguments: [40, 60, 80]) func `no line is wider than the terminal`(_ width: Int) throws {
    var result = try Sample.result()
    result.title = String(repeating: "long ", count: 40)
    for line in TerminalReport(result, width: width).text.split(separator: "\n") {
      #expect(line.count <= width, "\(line)")
    }
  }
}
