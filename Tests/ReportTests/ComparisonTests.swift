import Experiments
import Measurement
import Results
import Testing

@testable import Report

@Suite struct ComparisonTests {
  /// The sample of several runs with these metrics multiplied.
  private func changed(_ factors: [Metric: Double], only name: String? = nil) throws -> RunResult {
    try changed(factors, only: name, Sample.runs())
  }

  private func changed(_ factors: [Metric: Double], only name: String? = nil, _ result: RunResult)
    -> RunResult
  {
    var result = result
    for index in result.trials.indices where name == nil || result.trials[index].entry == name {
      for (metric, factor) in factors { result.trials[index].values[metric]? *= factor }
    }
    return result
  }

  private func lines(_ after: RunResult) throws -> [String] {
    try Comparison(try Sample.runs(), after).text.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  @Test func `a run agrees with itself`() throws {
    let lines = try lines(try Sample.runs())
    #expect(lines.first == "The typewriter: what changed")
    #expect(lines.count { $0.hasSuffix("  0.0 %  no significant change") } == 15)
    #expect(
      lines.suffix(3) == [
        "requests, bytes down: the medians agree within 1 % (most: 0.00 %, poll 100 ms, requests)",
        "server CPU: the medians agree within 10 % (most: 0.00 %, poll 100 ms, server CPU)", "",
      ])
  }

  @Test func `another experiment under one name is told by its first other line, and by its entries`() throws
  {
    var after = try Sample.runs()
    after.experimentFile = after.experimentFile?.replacing("rate: 40", with: "rate: 50")
    after.plan.entries.removeLast()
    let text = try Comparison(try Sample.runs(), after, width: 200).text
    #expect(
      text.contains(
        """

        experiment's file: before line 4 'stream: {prompt: Why?, tokens: 48, rate: 40}', after line 4 \
        'stream: {prompt: Why?, tokens: 48, rate: 50}'
        websocket: only before

        """))
    #expect(!text.contains("\nwebsocket  "))
  }

  @Test func `comments and blank lines are no other experiment, and hide none`() throws {
    let before = try Sample.runs()
    var after = before
    after.experimentFile =
      "# why\n\n" + (before.experimentFile ?? "").replacing("rate: 40}", with: "rate: 40}  # fast")
    #expect(try !Comparison(before, after).text.contains("experiment's file"))
    after.experimentFile = after.experimentFile?.replacing("rate: 40", with: "rate: 50")
    #expect(
      try Comparison(before, after, width: 200).text.contains(
        "after line 6 'stream: {prompt: Why?, tokens: 48, rate: 50}'\n"))
  }

  @Test func `a change has the sign of what was added, also below zero`() throws {
    let below = try changed([.delayMedian: -1])
    let lower = try changed([.delayMedian: -2])
    let text = try Comparison(below, lower).text
    #expect(text.contains("−100.0 %") && !text.contains("+100.0 %"))
  }

  @Test func `the whole text of a change`() throws {
    let changed = try changed([.serverProcessor: 1.2, .requests: 1.005, .delay99: 0.5])
    let text = try Comparison(try Sample.runs(), changed, width: 120).text
    #expect(
      text == """
        The typewriter: what changed

                                              metric             before              after   change
        poll 100 ms                    delay p50, ms  50.3 [48.8, 51.3]  50.3 [48.8, 51.3]    0.0 %  no significant change
        poll 100 ms                    delay p99, ms  99.3 [98.7, 99.8]  49.6 [49.4, 49.9]  −50.0 %                changed
        poll 100 ms              requests, per token  0.25 [0.24, 0.26]  0.25 [0.24, 0.26]   +0.5 %  no significant change
        poll 100 ms            bytes down, per token     141 [140, 144]     141 [140, 144]    0.0 %  no significant change
        poll 100 ms         server CPU, µs per token  31.1 [30.1, 32.8]  37.3 [36.1, 39.4]  +20.0 %                changed
        server-sent-events             delay p50, ms  0.21 [0.19, 0.23]  0.21 [0.19, 0.23]    0.0 %  no significant change
        server-sent-events             delay p99, ms  0.62 [0.58, 0.70]  0.31 [0.29, 0.35]  −50.0 %                changed
        server-sent-events       requests, per token               0.02               0.02   +0.5 %                changed
        server-sent-events     bytes down, per token               88.1               88.1    0.0 %  no significant change
        server-sent-events  server CPU, µs per token  9.65 [9.20, 10.4]  11.6 [11.0, 12.5]  +20.0 %                changed
        websocket                      delay p50, ms  0.21 [0.19, 0.24]  0.21 [0.19, 0.24]    0.0 %  no significant change
        websocket                      delay p99, ms  0.62 [0.55, 0.72]  0.31 [0.28, 0.36]  −50.0 %                changed
        websocket                requests, per token               0.02               0.02   +0.5 %                changed
        websocket              bytes down, per token               38.4               38.4    0.0 %  no significant change
        websocket           server CPU, µs per token  8.05 [7.70, 8.80]  9.66 [9.24, 10.6]  +20.0 %                changed

        requests, bytes down: the medians agree within 1 % (most: 0.50 %, poll 100 ms, requests)
        server CPU: the medians are further apart than 10 % (most: 20.00 %, server-sent-events, server CPU)

        """)
  }

  @Test func `within its tolerance a cost agrees`() throws {
    let lines = try lines(try changed([.bytesDown: 0.9901, .serverProcessor: 1.0999], only: "websocket"))
    #expect(
      lines.suffix(3) == [
        "requests, bytes down: the medians agree within 1 % (most: 0.99 %, websocket, bytes down)",
        "server CPU: the medians agree within 10 % (most: 9.99 %, websocket, server CPU)", "",
      ])
  }

  @Test func `past its tolerance it does not`() throws {
    let lines = try lines(try changed([.bytesDown: 0.989, .serverProcessor: 1.11], only: "websocket"))
    #expect(
      lines.suffix(3) == [
        "requests, bytes down: the medians are further apart than 1 % (most: 1.10 %, websocket, bytes down)",
        "server CPU: the medians are further apart than 10 % (most: 11.00 %, websocket, server CPU)", "",
      ])
  }

  @Test func `what one of two runs lacks is told, and not compared`() throws {
    var after = try Sample.result(renamed: "another")
    for index in after.trials.indices { after.trials[index].values[.delayMedian] = nil }
    var before = try Sample.result()
    // Doubts name whom they touch.
    for index in before.trials.indices { before.trials[index].doubts = [] }
    for index in after.trials.indices { after.trials[index].doubts = [] }
    let text = try Comparison(before, after).text
    #expect(text.contains("\nwebsocket: only before\nanother: only after\n"))
    #expect(!text.contains("websocket  ") && !text.contains("another  "))
    let median = text.split(separator: "\n").filter { $0.contains("delay p50") }
    #expect(median.contains { $0.hasSuffix("only before") } && !median.contains { $0.contains("%") })
    #expect(text.contains("delay p99"))
  }

  @Test func `where no cost has a tolerance, nothing is said of agreement`() throws {
    var run = try Sample.runs()
    run.plan.metrics = [.delayMedian]
    let text = try Comparison(run, run).text
    #expect(text.hasSuffix("no significant change\n"))
  }

  @Test func `a number that was zero has no share of change`() throws {
    let before = try changed([.requests: 0])
    let text = try Comparison(before, try Sample.runs(), width: 120).text
    #expect(text.contains(/\nwebsocket +requests, per token +0\.00 +0\.02 +– +changed\n/))
    #expect(text.contains("the medians are further apart than 1 % (most: from none, "))
    #expect(
      try Comparison(before, before).text.contains(
        /requests, per token +0\.00 +0\.00 +0 % +no significant change/))
  }

  // What one run's trials repeat says nothing of the next run.
  @Test func `two single runs that lie apart are not called changed`() throws {
    let before = try Sample.result()
    let text = try Comparison(before, changed([.bytesDown: 1.2], before), width: 120).text
    #expect(
      text.contains(
        /\nwebsocket +bytes down, per token +38\.4 +46\.1 +\+20\.0 % +apart, one run each\n/))
    #expect(!text.contains("  changed"))
  }

  @Test func `fewer trials than an interval takes tell nothing`() throws {
    let before = try Sample.result(trials: 5)
    let text = try Comparison(before, changed([.bytesDown: 1.2], before), width: 120).text
    #expect(
      text.contains(/\nwebsocket +bytes down, per token +38\.4 +46\.1 +\+20\.0 % +too few trials to tell\n/))
    #expect(text.matches(of: /too few trials to tell\n/).count == 15)
  }

  @Test func `nothing is compared with a quick look`() throws {
    var quick = try Sample.result(trials: 2)
    quick.plan.isQuick = true
    let whole = try Sample.result()
    for (before, after, name) in [(quick, whole, "first"), (whole, quick, "second"), (quick, quick, "first")]
    {
      let error = #expect(throws: ExperimentError.self) { try Comparison(before, after) }
      #expect(
        error?.description
          == "the \(name) is a quick look, which is too small to compare: run it without --quick")
    }
  }

  @Test func `two experiments are not compared`() throws {
    var other = try Sample.result()
    other.experiment = "02-cost-of-a-token"
    let error = #expect(throws: ExperimentError.self) { try Comparison(try Sample.result(), other) }
    #expect(
      error?.description
        == "the first is of '01-typewriter', the second of '02-cost-of-a-token': compare two runs of one")
  }

  @Test(arguments: [40, 60])
  func `on a narrow terminal each entry has a table of its own`(_ width: Int) throws {
    let run = try Sample.runs()
    let text = try Comparison(run, run, width: width).text
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
    #expect(text.contains("\npoll 100 ms\n") && text.contains("\nwebsocket\n"))
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.matches(of: /no significant change/).count == 15)
  }

  @Test func `entries of one name that are not read in one way are told`() throws {
    var (before, after) = (try Sample.runs(), try Sample.runs())
    for index in before.plan.entries.indices { before.plan.entries[index].reading = [:] }
    #expect(try !Comparison(before, after).text.contains("read differently"))
    after.plan.entries = before.plan.entries
    after.plan.entries[2].reading = ["heads": "chromium", "ask": "at-once"]
    #expect(
      try Comparison(before, after, width: 200).text.contains(
        "\nwebsocket: read differently: before by the transport's defaults, "
          + "after ask: at-once, heads: chromium\n"))
  }

  @Test func `doubts of either run are told`() throws {
    let run = try Sample.result()
    let text = try Comparison(run, run, width: 200).text
    #expect(text.contains("\nbefore, ") && text.contains("\nafter, "))
    #expect(text.contains("retransmitted"))
  }
}
