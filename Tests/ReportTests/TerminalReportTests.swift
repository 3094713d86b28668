import Experiments
import Measurement
import Testing

@testable import Report

@Suite struct TerminalReportTests {
  private func longestLine(_ text: String) -> Int {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(\.count).max() ?? 0
  }

  @Test func `the whole report`() throws {
    let text = TerminalReport(try Sample.result()).text
    #expect(
      text == """
        The typewriter
        How long does a token take to reach its reader?

                            delay p50                  delay p99                  requests
                            ms                         ms                         per token
        poll 100 ms         50.2 [49.1, 51.3] ≤52.9    99.2 [98.9, 99.6] ≤99.8    0.25 ≤0.26
        server-sent-events  0.21 [0.20, 0.22] ≤0.23    0.62 [0.58, 0.66] ≤0.70    0.02
        websocket           0.21 [0.20, 0.22] ≤0.24 a  0.62 [0.58, 0.65] ≤0.72 a  0.02

                            bytes down            server CPU
                            per token             µs per token
        poll 100 ms          142 [140, 142] ≤144  31.2 [30.5, 32.2] ≤32.8
        server-sent-events  88.1                  9.70 [9.40, 10.1] ≤10.4
        websocket           38.4                  8.10 [7.80, 8.50] ≤8.80

        Every line: 4,752 of 4,752 tokens arrived, each once, in order and unaltered.

        Difference from server-sent-events

                     delay p50                        delay p99
                     ms                               ms
        poll 100 ms            +50.0 [48.6, 52.7]               +98.6 [98.0, 99.2]
        websocket    not significant [−0.020, 0.020]  not significant [−0.050, 0.060]

                     requests                      bytes down          server CPU
                     per token                     per token           µs per token
        poll 100 ms            +0.23 [0.22, 0.24]  +53.4 [51.6, 55.7]  +21.5 [20.7, 22.4]
        websocket    not significant               −49.7               −1.60 [−1.70, −1.30]

        Memory per idle reader

                          resident, kB  kernel, kB
        poll 100 ms  5.25 [5.01, 5.47]        3.10
        websocket    6.88 [6.64, 7.02]        3.05

        Medians of 6 servers that each held 4,000 idle readers, in brackets their 95 % confidence interval
          (exact, 96.8 %); both ends are on this machine, so the kernel's memory is halved.

        a  websocket: 2 segments were retransmitted, because the path lost some: their delay is included

        Medians of 9 trials, in brackets their 95 % confidence interval (exact, at least 96.0 %). It covers
          repeatability within one run: another run may differ by more. ≤ marks the worst trial where it
          lies outside.
        Differences are medians of the trials' paired differences; the intervals of one line hold jointly
          with at least 98.0 % confidence. 'Not significant' means that the interval includes zero; it says
          how large a difference may be.
        Lab overhead: readers used at most 0.18 of a processor; event-loop lag at most 1.22 ms; in the
          median trial 0.82 ms, and tokens generated 0.031 ms late.
        2025-01-31T12:00:00Z · Linux 6.8.0 · Imaginary 3000 · virtual machine · server on processor 0,
          readers on 1,2 · processors kept awake · libwebsockets 4.3.5, epoll · release build

        What this does not show
        - No network: server and readers talked over this machine's loopback interface, which has next to no
          round trip, loses nothing and is never full. Over a network each request waits for a round trip:
          long polling falls behind further than here, and every first token comes later.
        - Who pays: over loopback the kernel does the receiver's TCP work in the sender's process, so server
          and readers each do some of the other's work. Compare both together, which is 'both CPU'
          (both_cpu_us_per_token).
        - No browser: the readers are a program that draws nothing, and that sends shorter heads than a
          browser unless the experiment says 'heads: chromium'.
        - One machine, Imaginary 3000: another one gives other numbers. It is a virtual machine, whose host
          may serve other guests, and took 0.4 % of its processors' time.
        - One run: its intervals show how well it repeats itself. A fresh server at another hour may differ
          by more; --runs 6 takes several.
        - Processors were kept awake: where they may sleep, waking one is part of every delay.

        """)
  }

  @Test func `colours are for terminals that show them, and change no text`() throws {
    let result = try Sample.result()
    let plain = TerminalReport(result).text
    let coloured = TerminalReport(result, hasColour: true).text
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.hasPrefix("\u{1B}[1mThe typewriter\u{1B}[0m\nHow long"))
    #expect(coloured.contains("\u{1B}[1mDifference from server-sent-events\u{1B}[0m\n"))
    #expect(coloured.contains("\n\u{1B}[33ma  websocket: 2 segments were retransmitted"))
    #expect(coloured.contains("is included\u{1B}[0m\n"))
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
    #expect(text.contains("\nEvery line: 4,752 of 4,752 tokens arrived, "))
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
    // Nothing is cut: a name that no column holds has a line of its own.
    let joined = text.filter { !$0.isWhitespace }
    #expect(joined.hasPrefix(long.replacing(" ", with: "") + long.replacing(" ", with: "")))
    #expect(joined.contains(String(repeating: "x", count: 350)))
    #expect(text.contains("\nwebsocket behind a proxy, with an interval of a second\n"))
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

                                                                            ledger  delay p50
                                                                                    ms
        poll 100 ms                                         528 of 1,056: 528 lost  49.1                a
        server-sent-events  1,056 of 1,056: 1 duplicated, 2 reordered, 3 corrupted  0.20 (0.19 to 0.21)
        websocket                                                   1,056 of 1,056  0.21 (0.20 to 0.21) b

                            delay p99              requests   bytes down  server CPU
                            ms                     per token  per token   µs per token
        poll 100 ms         99.8                a  0.25 a      140 a      30.5                a
        server-sent-events  0.60 (0.58 to 0.61)    0.02       88.1        9.45 (9.20 to 9.70)
        websocket           0.60 (0.55 to 0.64) b  0.02       38.4        8.00 (7.90 to 8.10)

        a  poll 100 ms: only 1 of 2 trials have this number
        b  websocket: 1 segment was retransmitted, because the path lost some: their delay is included

        the run: it was interrupted when 2 of 9 trials were complete
        poll 100 ms: the server cannot be reached: no

        Medians of 2 trials of 9 planned, in parentheses the least and the greatest trial: too few for a
          confidence interval, which takes 6 trials.
        Differences from the baseline: too few trials: 5 differences take 8 to be shown.
        Lab overhead: readers used at most 0.11 of a processor; event-loop lag at most 0.52 ms; in the
          median trial 0.47 ms, and tokens generated 0.031 ms late.
        2025-01-31T12:00:00Z · Linux 6.8.0 · Imaginary 3000 · virtual machine · server on processor 0,
          readers on 1,2 · processors kept awake · libwebsockets 4.3.5, epoll · release build

        What this does not show
        - No network: server and readers talked over this machine's loopback interface, which has next to no
          round trip, loses nothing and is never full. Over a network each request waits for a round trip:
          long polling falls behind further than here, and every first token comes later.
        - Who pays: over loopback the kernel does the receiver's TCP work in the sender's process, so server
          and readers each do some of the other's work. Compare both together, which is 'both CPU'
          (both_cpu_us_per_token).
        - No browser: the readers are a program that draws nothing, and that sends shorter heads than a
          browser unless the experiment says 'heads: chromium'.
        - One machine, Imaginary 3000: another one gives other numbers. It is a virtual machine, whose host
          may serve other guests, and took 0.4 % of its processors' time.
        - One run: its intervals show how well it repeats itself. A fresh server at another hour may differ
          by more; --runs 6 takes several.
        - Processors were kept awake: where they may sleep, waking one is part of every delay.

        """)
  }

  @Test(arguments: [40, 60, 80, 120]) func `no line is wider than the terminal`(_ width: Int) throws {
    var result = try Sample.result()
    result.title = String(repeating: "long ", count: 40)
    for line in TerminalReport(result, width: width).text.split(separator: "\n") {
      #expect(line.count <= width, "\(line)")
    }
  }

  @Test func `a doubt of a whole column stands at its head alone`() throws {
    var result = try Sample.result()
    result.environment.build = "debug"
    let lines = TerminalReport(result).text.split(separator: "\n")
    #expect(lines[2].contains("  delay p50 a  "))
    #expect(lines.contains { $0.hasPrefix("poll 100 ms         50.2 [49.1, 51.3] ≤52.9    99.2 ") })
    #expect(lines.contains { $0.hasPrefix("websocket           0.21 [0.20, 0.22] ≤0.24 b  0.62 ") })
    #expect(lines.contains("a  this is a debug build: run 'make build', then use .build/release/pushlab"))
  }
}
