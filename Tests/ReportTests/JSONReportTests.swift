import Experiments
import Foundation
import Results
import Testing

@testable import Report

@Suite struct JSONReportTests {
  private func json(_ result: RunResult) throws -> [String: Any] {
    let text = try JSONReport(result).text
    #expect(text.hasSuffix("\n}\n"))
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `what the run was`() throws {
    let json = try json(try Sample.result())
    #expect(
      json.keys.sorted() == [
        "command", "entries", "environment", "experiment", "isInterrupted", "isQuick", "question", "runs",
        "threats", "trials",
      ])
    #expect(json["experiment"] as? String == "01-typewriter")
    #expect(json["question"] as? String == "How long does a token take to reach its reader?")
    #expect(json["command"] as? String == "pushlab run 01-typewriter")
    #expect(json["runs"] as? Int == 1)
    #expect(json["trials"] as? Int == 9)
    #expect(json["isInterrupted"] as? Bool == false)
    let environment = try #require(json["environment"] as? [String: Any])
    #expect(environment["kernel"] as? String == "Linux 6.8.0")
    #expect(environment["engine"] as? String == "libwebsockets 4.3.5, epoll")
  }

  @Test func `the entries in the table's order`() throws {
    let entries = try #require(try json(try Sample.result())["entries"] as? [[String: Any]])
    #expect(entries.map { $0["name"] as? String } == Sample.names)
    #expect(entries.allSatisfy { $0["baseline"] as? String == "server-sent-events" })
    #expect((entries[0]["ledger"] as? [String: Int])?["delivered"] == 4_752)
    #expect(entries[1]["doubts"] as? [String] == [])
    #expect(
      entries[2]["doubts"] as? [String] == [
        "2 segments were retransmitted, because the path lost some: their delay is included"
      ])
    let metrics = entries.map { ($0["metrics"] as? [String: Any])?.keys.sorted() ?? [] }
    let names = [
      "bytes_down_per_token", "delay_p50_ms", "delay_p99_ms", "requests_per_token", "server_cpu_us_per_token",
    ]
    #expect(metrics == [names, names, names])
  }

  @Test func `a metric's numbers`() throws {
    let entries = try #require(try json(try Sample.result())["entries"] as? [[String: Any]])
    let delays = entries.map { ($0["metrics"] as? [String: [String: Any]])?["delay_p50_ms"] ?? [:] }
    #expect(delays.map { $0["unit"] as? String } == ["ms", "ms", "ms"])
    let estimate = try #require(delays[0]["estimate"] as? [String: Any])
    #expect(
      estimate["interval"] as? [String: Double] == ["low": 49.1, "high": 51.3, "coverage": 0.9609375])
    #expect(
      delays[0]["values"] as? [[Double]] == [[50.2, 49.1, 51.3, 50.7, 48.8, 50.4, 49.6, 52.9, 50.1]])
    #expect(estimate["median"] as? Double == 50.2)
    #expect(estimate["least"] as? Double == 48.8)
    #expect(estimate["greatest"] as? Double == 52.9)
    #expect(estimate["basis"] as? String == "trials")
    #expect(estimate["count"] as? Int == 9)
    let difference = try #require(delays[0]["difference"] as? [String: Any])
    #expect(difference["comparisons"] as? Int == 5)
    let paired = try #require(difference["estimate"] as? [String: Any])
    #expect(try abs(#require(paired["median"] as? Double) - 49.99) < 0.001)
    #expect((paired["interval"] as? [String: Double])?["coverage"] == 0.99609375)
    #expect(delays.map { $0["isDifferenceShown"] as? Bool } == [true, nil, false])
    #expect(delays.allSatisfy { $0["shortage"] == nil })
    #expect(delays[1]["difference"] == nil)
  }

  @Test func `what has nothing to be compared with says so, here and in the spreadsheet`() throws {
    var result = try Sample.result()
    for index in result.trials.indices where result.trials[index].entry == "server-sent-events" {
      result.trials[index].values[.delay99] = nil
    }
    let entries = try #require(try json(result)["entries"] as? [[String: Any]])
    let shortages = entries.map {
      ($0["metrics"] as? [String: [String: Any]])?["delay_p99_ms"]?["shortage"] as? String
    }
    #expect(
      shortages == [
        "the baseline has no such number to compare", nil, "the baseline has no such number to compare",
      ])
    let row = CSVReport(result).text.split(separator: "\n").first { $0.hasPrefix("websocket,delay_p99_ms") }
    #expect(row?.contains(",,,,no number,") == true)
  }

  @Test func `what the trials are too few for is said`() throws {
    let entries = try #require(try json(try Sample.result(trials: 7))["entries"] as? [[String: Any]])
    let delay = try #require((entries[0]["metrics"] as? [String: [String: Any]])?["delay_p50_ms"])
    #expect(delay["isDifferenceShown"] as? Bool == false)
    #expect(delay["shortage"] as? String == "too few trials: 5 differences take 8")
  }

  @Test func `the trials of several runs stand apart`() throws {
    let entries = try #require(try json(try Sample.runs())["entries"] as? [[String: Any]])
    let bytes = try #require((entries[2]["metrics"] as? [String: [String: Any]])?["bytes_down_per_token"])
    let values = try #require(bytes["values"] as? [[Double]])
    #expect(values.count == 6)
    #expect(values.allSatisfy { $0.count == 3 && $0[1] == 38.4 })
  }

  @Test func `failures and an interruption`() throws {
    var result = try Sample.result()
    result.trials[0].failures = ["no / not"]
    result.isInterrupted = true
    let json = try json(result)
    #expect(json["isInterrupted"] as? Bool == true)
    #expect((json["entries"] as? [[String: Any]])?.first?["failures"] as? [String] == ["no / not"])
  }
}
