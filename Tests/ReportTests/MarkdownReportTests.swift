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
        | poll 100 ms | all 2640 | 50.2 [48.8, 51.3] | 99.2 [98.7, 99.8] | 0.25 [0.24, 0.26] | 142 \
        [140, 144] | 31.2 [30.1, 32.8] |
        | server-sent-events | all 2640 | 0.21 [0.19, 0.23] | 0.61 [0.58, 0.70] | 0.02 [0.02, 0.02] | \
        88.1 [88.1, 88.1] | 9.70 [9.20, 10.4] |
        | websocket | all 2640 | 0.21 [0.19, 0.24] **a** | 0.62 [0.55, 0.72] **a** | 0.02 [0.02, 0.02] \
        | 38.4 [38.4, 38.4] | 8.10 [7.70, 8.80] |

        Medians over 5 trials, with their 95 % intervals in brackets.

        ## Less the baseline

        |  | baseline | delay p50 (ms) | delay p99 (ms) | requests (a token) | bytes down (a token) | \
        server CPU (µs a token) |
        |---|---|---|---|---|---|---|
        | poll 100 ms | server-sent-events | 49.8 [47.6, 52.0] | 98.6 [97.7, 99.5] | 0.23 [0.21, 0.24] \
        | 53.3 [50.0, 56.6] | 21.6 [20.2, 22.9] |
        | websocket | server-sent-events | no difference shown [-0.03, 0.03] | no difference shown \
        [-0.08, 0.08] | no difference shown [0.00, 0.00] | -49.7 [-49.7, -49.7] | -1.56 [-1.87, -1.25] |

        Paired by trial. The 95 % of the intervals hold for all of a line at once.

        ## Memory of a waiting reader

        | | resident | kernel |
        |---|---|---|
        | poll 100 ms | 5.2 kB | 3.1 kB |
        | websocket | 6.9 kB | 3.1 kB |

        ## Doubts

        - **a** websocket: 2 segments were sent again: the path lost some, and their delay is in the \
        numbers

        The lab itself: readers 10.0 µs of processor a token, at most 0.14 of a processor; event-loop \
        lag 0.42 ms; tokens appended 0.031 ms after their instants.

        2025-01-31T12:00:00Z · Linux 6.8.0 · Imaginary 3000 · server on processor 0, readers on 1,2 · \
        processors kept awake · libwebsockets 4.3.5, epoll · release build

        Run again with:

            pushlab run 01-typewriter

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
    #expect(text.contains("\n\n- poll 100 ms: no\n- poll 100 ms: not\n\nThe lab itself: "))
  }

  @Test func `one trial has no intervals and no differences`() throws {
    var result = try Sample.result()
    result.trials.removeLast(12)
    result.plan.trials = 1
    let text = MarkdownReport(result).text
    #expect(text.contains("| poll 100 ms | all 528 | 50.2 | 99.2 | 0.25 | 142 | 31.2 |\n"))
    #expect(text.contains("\nMedians over 1 trial, with"))
    #expect(!text.contains("Less the baseline"))
  }
}
