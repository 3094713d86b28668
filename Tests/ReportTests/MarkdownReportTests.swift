import Experiments
import Testing

@testable import Report

@Suite struct MarkdownReportTests {
  @Test func `the whole report`() throws {
    let text = MarkdownReport(try Sample.result()).text
    #expect(
      text == """
        # The typewriter

        **How long does a token take to reach its reader?**

        Prediction: Polling delays tokens by half its interval.

        |  | ledger | delay p50 (ms) | delay p99 (ms) | requests (per token) | bytes down (per token) | server \
        CPU (µs per token) |
        |---|---|---|---|---|---|---|
        | poll 100 ms | 4,752 of 4,752 | 50.2 [49.1, 51.3] ≤52.9 | 99.2 [98.9, 99.6] ≤99.8 | 0.25 ≤0.26 | 142 \
        [140, 142] ≤144 | 31.2 [30.5, 32.2] ≤32.8 |
        | server-sent-events | 4,752 of 4,752 | 0.21 [0.20, 0.22] ≤0.23 | 0.62 [0.58, 0.66] ≤0.70 | 0.02 | 88.1 \
        | 9.70 [9.40, 10.1] ≤10.4 |
        | websocket | 4,752 of 4,752 | 0.21 [0.20, 0.22] ≤0.24 **a** | 0.62 [0.58, 0.65] ≤0.72 **a** | 0.02 | \
        38.4 | 8.10 [7.80, 8.50] ≤8.80 |

        Medians of 9 trials, in brackets their 95 % confidence interval (exact, at least 96.0 %). It covers \
        repeatability within one run: another run may differ by more. ≤ marks the worst trial where it lies \
        outside.

        ## Difference from the baseline

        |  | baseline | delay p50 (ms) | delay p99 (ms) | requests (per token) | bytes down (per token) | \
        server CPU (µs per token) |
        |---|---|---|---|---|---|---|
        | poll 100 ms | server-sent-events | +50.0 [48.6, 52.7] | +98.6 [98.0, 99.2] | +0.23 [0.22, 0.24] | \
        +53.4 [51.6, 55.7] | +21.5 [20.7, 22.4] |
        | websocket | server-sent-events | not significant [−0.020, 0.020] | not significant [−0.050, 0.060] | \
        not significant | −49.7 | −1.60 [−1.70, −1.30] |

        Differences are medians of the trials' paired differences; the intervals of one line hold jointly with \
        at least 98.0 % confidence. 'Not significant' means that the interval includes zero; it says how large \
        a difference may be.

        ## Doubts

        - **a** websocket: 2 segments were retransmitted, because the path lost some: their delay is included

        ## Memory per idle reader

        |  | resident, kB | kernel, kB |
        |---|---|---|
        | poll 100 ms | 5.25 [5.01, 5.47] | 3.10 |
        | websocket | 6.88 [6.64, 7.02] | 3.05 |

        Medians of 6 servers that each held 4,000 idle readers, in brackets their 95 % confidence interval \
        (exact, 96.8 %); both ends are on this machine, so the kernel's memory is halved.

        ## How it was measured

        Lab overhead: readers used at most 0.18 of a processor; event-loop lag at most 1.22 ms; in the median \
        trial 0.82 ms, and tokens generated 0.031 ms late.

        2025-01-31T12:00:00Z · Linux 6.8.0 · Imaginary 3000 · virtual machine · server on processor 0, readers \
        on 1,2 · processors kept awake · libwebsockets 4.3.5, epoll · release build

        Run again, from the root of the project, with:

            .build/release/pushlab run 01-typewriter

        ## What this does not show

        - No network: server and readers talked over this machine's loopback interface, which has next to no \
        round trip, loses nothing and is never full. Over a network each request waits for a round trip: long \
        polling falls behind further than here, and every first token comes later.
        - Who pays: over loopback the kernel does the receiver's TCP work in the sender's process, so server \
        and readers each do some of the other's work. Compare both together, which is 'both CPU' \
        (both\\_cpu\\_us\\_per\\_token).
        - No browser: the readers are a program that draws nothing, and that sends shorter heads than a browser \
        unless the experiment says 'heads: chromium'.
        - One machine, Imaginary 3000: another one gives other numbers. It is a virtual machine, whose host may \
        serve other guests, and took 0.4 % of its processors' time.
        - One run: its intervals show how well it repeats itself. A fresh server at another hour may differ by \
        more; --runs 6 takes several.
        - Processors were kept awake: where they may sleep, waking one is part of every delay.

        """)
  }

  @Test func `a name cannot break a table`() throws {
    let text = MarkdownReport(try Sample.result(renamed: "a|b")).text
    #expect(text.matches(of: #/\n\| a\\\|b \| /#).count == 3)
    #expect(!text.contains("| a|b"))
  }

  @Test func `failures are a list of their own`() throws {
    var result = try Sample.result()
    result.trials[0].failures = ["no", "not"]
    let text = MarkdownReport(result).text
    #expect(text.contains("\n\n## Failures\n\n- poll 100 ms: no\n- poll 100 ms: not\n\n## Memory"))
  }

  @Test func `one trial has no intervals and tells no differences`() throws {
    var result = try Sample.result()
    result.trials.removeLast(24)
    result.plan.trials = 1
    let text = MarkdownReport(result).text
    #expect(text.contains("| poll 100 ms | 528 of 528 | 50.2 | 99.2 | 0.25 | 142 | 31.2 |\n"))
    #expect(text.contains("\nMedians of 1 trial, in parentheses"))
    #expect(
      text.contains("\nDifferences from the baseline: too few trials: 5 differences take 8 to be shown.\n"))
    #expect(!text.contains("## Difference from"))
  }

  @Test func `what is not asked for stands behind, and conditions have rows of their own`() throws {
    var result = try Sample.conditions()
    for index in result.trials.indices { result.trials[index].values[.segments] = 1.5 }
    let text = MarkdownReport(result).text
    #expect(
      text.contains(
        """

        ## Also measured

        |  | segments (per token) |
        |---|---|
        | **eleven** |  |
        | poll 100 ms | 1.50 |
        | server-sent-events | 1.50 |
        | websocket | 1.50 |
        | **twenty** |  |
        | poll 100 ms | 1.50 |
        | server-sent-events | 1.50 |
        | websocket | 1.50 |

        """))
    #expect(text.split(separator: "## Also measured")[0].contains("| **twenty** |  |  |  |  |  |  |\n"))
  }
}
