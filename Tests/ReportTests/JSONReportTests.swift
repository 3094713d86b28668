import Experiments
import Foundation
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
        "command", "entries", "environment", "experiment", "isInterrupted", "question", "trials",
      ])
    #expect(json["experiment"] as? String == "01-typewriter")
    #expect(json["question"] as? String == "How long does a token take to reach its reader?")
    #expect(json["command"] as? String == "pushlab run 01-typewriter")
    #expect(json["trials"] as? Int == 5)
    #expect(json["isInterrupted"] as? Bool == false)
    let environment = try #require(json["environment"] as? [String: Any])
    #expect(environment["kernel"] as? String == "Linux 6.8.0")
    #expect(environment["engine"] as? String == "libwebsockets 4.3.5, epoll")
  }

  @Test func `the entries in the table's order`() throws {
    let entries = try #require(try json(try Sample.result())["entries"] as? [[String: Any]])
    #expect(entries.map { $0["name"] as? String } == Sample.names)
    #expect(entries.allSatisfy { $0["baseline"] as? String == "server-sent-events" })
    #expect((entries[0]["ledger"] as? [String: Int])?["delivered"] == 2_640)
    #expect(entries[1]["doubts"] as? [String] == [])
    #expect(
      entries[2]["doubts"] as? [String] == [
        "2 segments were sent again: the path lost some, and their delay is in the numbers"
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
    #expect(
      delays[0]["estimate"] as? [String: Double] == ["median": 50.2, "low": 48.8, "high": 51.3, "trials": 5])
    let difference = try #require(delays[0]["difference"] as? [String: Double])
    #expect(try abs(#require(difference["mean"]) - 49.81) < 0.001)
    #expect(difference["trials"] == 5)
    #expect(delays.map { $0["isDifferenceShown"] as? Bool } == [true, nil, false])
    #expect(delays[1]["difference"] == nil)
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
