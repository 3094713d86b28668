import Experiments
import Testing

@testable import Report

@Suite struct MarkdownReportTests {
  @Test func `the whole report`() throws {
    #expect(
      MarkdownReport(try Sample.result()).text == """
        # The typewriter

        **How long does a token take to reach its reader?**

        Prediction: Polling delays tokens by half its interval.

        |  | ledger | delay p50 (ms) | delay p99 (ms) | requests (a token) | bytes down (a token) | \
        server CPU (µs a token) |
        |---|---|---|---|---|---|---|
        | poll 100 ms | all 4752 | 50.2 [49.1, 51.3] ≤52.9 | 99.2 [98.9, 99.6] ≤99.8 | 0.25 ≤0.26 | 142 \
        [140, 142] ≤144 | 31.2 [30.5, 32.2] ≤32.8 |
        | server-sent-events | all 4752 | 0.21 [0.20, 0.22] ≤0.23 | 0.62 [0.58, 0.66] ≤0.70 | 0.02 | \
        88.1 | 9.70 [9.40, 10.1] ≤10.4 |
        | websocket | all 4752 | 0.21 [0.20, 0.22] ≤0.24 **a** | 0.62 [0.58, 0.65] ≤0.72 **a** | 0.02 | \
        38.4 | 8.10 [7.80, 8.50] ≤8.80 |

        Medians over 9 trials; in brackets an interval that holds the median of such trials in at least 96.0 % of \
        such runs (repeatability within one run: another run may differ by more); behind it ≤ and the worst trial, where that is \
        worse.

        ## Less the baseline

        |  | baseline | delay p50 (ms) | delay p99 (ms) | requests (a token) | bytes down (a token) | \
        server CPU (µs a token) |
        |---|---|---|---|---|---|---|
        | poll 100 ms | server-sent-events | +50.0 [48.6, 52.7] | +98.6 [98.0, 99.2] | +0.23 [0.22, \
        0.24] | +53.4 [51.6, 55.7] | +21.5 [20.7, 22.4] |
        | websocket | server-sent-events | none shown [−0.020, 0.020] | none shown [−0.050, 0.060] | none shown | −49.7 | −1.60 [−1.70, \
        −1.30] |

        Differences are paired by trial, and the median over the trials; the intervals of a line hold \
        all at once in at least 98.0 % of such runs.

        ## Doubts

        - **a** websocket: 2 segments were sent again: the path lost some, and their delay is in the \
        numbers

        ## Memory of a waiting reader

        |  | resident, kB | kernel, kB |
        |---|---|---|
        | poll 100 ms | 5.25 [5.01, 5.47] | 3.10 |
        | websocket | 6.88 [6.64, 7.02] | 3.05 |

        Medians over 6 servers that each held 4,000 readers, in brackets an interval that holds the median \
        of such servers in 96.8 %; both ends are on this machine, so the kernel's is halved.

        ## How it was made

        The lab itself: readers at most 0.18 of a processor; event-loop lag at most 1.22 ms; in the \
        median trial 0.82 ms, and tokens appended 0.031 ms after their instants.

        2025-01-31T12:00:00Z · Linux 6.8.0 · Imaginary 3000 · virtual machine · server on \
        processor 0, readers on 1,2 · processors kept awake · libwebsockets 4.3.5, epoll · release build

        Run again with:

            pushlab run 01-typewriter

        ## What this does not show

        - No network: server and readers talked over this machine's loopback interface, which has next \
        to no round trip, loses nothing and is never full. Over a network each request waits for a round \
        trip: long polling falls behind further than here, and every first token comes later.
        - Who pays: over loopback the kernel does the receiver's TCP work in the sender's process, so \
        each of server and readers does some of the other's. Look at both together, which is 'both CPU' \
        (both\\_cpu\\_us\\_per\\_token).
        - No browser: the readers are a program that draws nothing, and that sends \
        shorter heads than a browser unless the experiment says 'heads: chromium'.
        - One machine, Imaginary 3000: on another one other numbers come out. It is a virtual \
        one, whose host may have others, and took 0.4 % of its processors' time.
        - One run: its intervals say how well it repeats itself. A fresh server at another hour may \
        differ by more; an experiment with 'runs' takes several.
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
    #expect(text.contains("| poll 100 ms | all 528 | 50.2 | 99.2 | 0.25 | 142 | 31.2 |\n"))
    #expect(text.contains("\nMedians over 1 trial; in parentheses"))
    #expect(
      text.contains("\nDifferences from the baseline: too few trials: 5 differences take 8 to be told.\n"))
    #expect(!text.contains("Less the baseline"))
  }

  @Test func `what is not asked for stands behind, and conditions have rows of their own`() throws {
    var result = try Sample.conditions()
    for index in result.trials.indices { result.trials[index].values[.segments] = 1.5 }
    let text = MarkdownReport(result).text
    #expect(
      text.contains(
        """

        ## Also measured

        |  | segments (a token) |
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
