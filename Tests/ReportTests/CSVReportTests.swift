import Experiments
import Measurement
import Testing

@testable import Report

@Suite struct CSVReportTests {
  private static let head =
    "entry,metric,median,low,high,coverage,over,count,least,greatest,difference,difference_low,difference_high,"
    + "difference_verdict,doubts,values"

  @Test func `a line an entry and metric`() throws {
    let lines = CSVReport(try Sample.result()).text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 1 + 3 * 5 + 1)
    #expect(lines.first == Self.head[...])
    #expect(lines.last == "")
  }

  @Test func `the baseline has no difference`() throws {
    #expect(
      CSVReport(try Sample.result()).text.contains(
        """

        server-sent-events,delay_p50_ms,0.21,0.2,0.22,0.9609375,trials,9,0.19,0.23,,,,,,\
        [0.21 0.19 0.22 0.2 0.23 0.21 0.2 0.22 0.21]
        server-sent-events,delay_p99_ms,0.62,0.58,0.66,0.9609375,trials,9,0.57,0.7,,,,,,\
        [0.61 0.58 0.7 0.66 0.59 0.63 0.62 0.64 0.57]
        server-sent-events,requests_per_token,0.0208,0.0208,0.0208,0.9609375,trials,9,0.0208,0.0208,,,,,,\
        [0.0208 0.0208 0.0208 0.0208 0.0208 0.0208 0.0208 0.0208 0.0208]
        server-sent-events,bytes_down_per_token,88.1,88.1,88.1,0.9609375,trials,9,88.1,88.1,,,,,,\
        [88.1 88.1 88.1 88.1 88.1 88.1 88.1 88.1 88.1]
        server-sent-events,server_cpu_us_per_token,9.7,9.4,10.1,0.9609375,trials,9,9.2,10.4,,,,,,\
        [9.7 9.2 10.4 9.9 9.4 9.6 9.8 9.5 10.1]

        """))
  }

  @Test func `differences with their verdicts, and doubts in quotes`() throws {
    let text = CSVReport(try Sample.result()).text
    let poll = text.firstMatch(
      of:
        /\npoll 100 ms,delay_p50_ms,50.2,49.1,51.3,0.96\d+,trials,9,48.8,52.9,49.99\d*,48.57\d*,52.68\d*,significant,,\[50.2 49.1/
    )
    #expect(poll != nil)
    let fields =
      /\nwebsocket,delay_p50_ms,0.21,0.2,0.22,[^,]+,trials,9,0.19,0.24,-0.0[01]\d+,-0.0[12]\d*,0.0[12]\d*,not significant,(.*),\[0.2 0.21 0.21 .*\]\n/
    let doubts = text.firstMatch(of: fields)?.1
    #expect(
      doubts
        == "\"2 segments were retransmitted, because the path lost some: their delay is included\"")
    #expect(
      text.contains(
        "\nwebsocket,requests_per_token,0.0208,0.0208,0.0208,0.9609375,trials,9,0.0208,0.0208,0.0,0.0,0.0,not significant,,[0.0208 "
      ))
  }

  @Test func `a name with a comma is quoted`() throws {
    let text = CSVReport(try Sample.result(renamed: "websocket, \"fast\"")).text
    #expect(text.contains("\n\"websocket, \"\"fast\"\"\",bytes_down_per_token,38.4,38.4,38.4,0.9609375,"))
  }

  @Test func `without trials there is only the head`() throws {
    var result = try Sample.result()
    result.trials = []
    #expect(CSVReport(result).text == Self.head + "\n")
    result.isInterrupted = true
    #expect(
      CSVReport(result).text
        == Self.head
        + "\nthe run,interrupted,,,,,,,,,,,,,it was interrupted when 0 of 9 trials were complete,\n"
    )
    result.isInterrupted = false
    // What failed is told even where there are no numbers.
    result.failure = "it was killed"
    result.trials = [
      TrialMeasurement(entry: "websocket", trial: 0, readers: 2, tokens: 3, failure: "no, links")
    ]
    #expect(
      CSVReport(result).text == """
        \(Self.head)
        the run,failure,,,,,,,,,,,,,it was killed,
        websocket,failure,,,,,,,,,,,,,"no, links",

        """)
  }

  @Test func `numbers below zero are numbers for a program, and no formula for a spreadsheet`() throws {
    var result = try Sample.result()
    for index in result.trials.indices { result.trials[index].values[.delayMedian]?.negate() }
    let lines = CSVReport(result).text.split(separator: "\n")
    let delay = try #require(lines.first { $0.hasPrefix("server-sent-events,delay_p50_ms,-0.21,") })
    #expect(delay.hasSuffix(",[-0.21 -0.19 -0.22 -0.2 -0.23 -0.21 -0.2 -0.22 -0.21]"))
  }

  @Test func `the runs' values stand apart, and a quick look says that it is one`() throws {
    var result = try Sample.runs()
    result.plan.isQuick = true
    let lines = CSVReport(result).text.split(separator: "\n")
    #expect(lines[1] == "the run,quick look,,,,,,,,,,,,,too little to decide by,")
    let costs = try #require(lines.first { $0.hasPrefix("server-sent-events,server_cpu_us_per_token,") })
    #expect(costs.split(separator: ",").last?.split(separator: "] [").count == 6)
    #expect(costs.contains(" 9.7 "))
    // No verdict is made from it.
    #expect(!lines.contains { $0.contains("not significant") || $0.contains(",significant,") })
  }

  // Below a table one note speaks for all that it touches, the worst of them; a row is of one entry.
  @Test func `a row has its own entry's doubts`() throws {
    var result = try Sample.result()
    for index in result.trials.indices { result.trials[index].doubts = [] }
    for (entry, count) in [("websocket", 3), ("poll 100 ms", 99)] {
      let index = try #require(result.trials.firstIndex { $0.entry == entry })
      result.trials[index].doubts = [.retransmissions(count)]
    }
    let rows = CSVReport(result).text.split(separator: "\n")
    for (entry, count) in [("websocket", 3), ("poll 100 ms", 99)] {
      let row = try #require(rows.first { $0.hasPrefix("\(entry),delay_p50_ms") })
      #expect(row.contains("\(count) segments were retransmitted"))
    }
  }
}
