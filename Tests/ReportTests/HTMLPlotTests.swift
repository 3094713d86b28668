import Foundation
import Testing

@testable import Experiments
@testable import Report
@testable import Results

@Suite struct HTMLPlotTests {
  private let library = PlotLibrary(javaScript: "var vegaEmbed = () => 1;")

  private func page(_ result: RunResult) -> String { HTMLReport(result, library: library).text }

  /// The specifications by the names of their places, as a browser would read them.
  private func specifications(_ text: String) throws -> [(name: String, json: [String: Any])] {
    try text.matches(of: /(?s)vegaEmbed\('#(\w+)', (.*?), \{actions: false, renderer: 'svg'\}\);\n/).map {
      match in
      let json = try JSONSerialization.jsonObject(with: Data(match.2.utf8)) as? [String: Any]
      return (String(match.1), try #require(json))
    }
  }

  private func rows(_ json: [String: Any]) throws -> [[String: Any]] {
    try #require((json["data"] as? [String: Any])?["values"] as? [[String: Any]])
  }

  /// The sample with what all plots take.
  private func measured() throws -> RunResult {
    var result = try Sample.result()
    for index in result.trials.indices {
      result.trials[index].values[.bytesDownPayload] = 30
      result.trials[index].values[.bytesUp] = 7
      result.trials[index].values[.bothProcessors] = result.trials[index].values[.serverProcessor].map {
        $0 * 2
      }
    }
    return result
  }

  @Test func `four plots, each with its place and its caption`() throws {
    let text = page(try measured())
    let names = ["staircase", "distribution", "bytes", "frontier", "frontier2"]
    #expect(text.matches(of: /<div class="plot" id="(\w+)"><\/div>/).map { String($0.1) } == names)
    #expect(text.matches(of: /<figcaption>[^<]{50,}<\/figcaption>/).count == 4)
    #expect(try specifications(text).map(\.name) == names)
    #expect(text.contains("<script>var vegaEmbed = () => 1;</script>\n<script>\nvegaEmbed('#staircase', {"))
    #expect(text.hasSuffix("});\n</script>\n</body>\n</html>\n"))
    #expect(!text.contains(PlotLibrary.advice))
  }

  @Test func `the plots hold the result's numbers`() throws {
    let result = try measured()
    let plots = Dictionary(
      uniqueKeysWithValues: try specifications(page(result)).map { ($0.name, try rows($0.json)) })
    let stairs = try #require(plots["staircase"])
    #expect(stairs.map { $0["entry"] as? String } == ["intended", "intended", "websocket", "websocket"])
    #expect(stairs.map { $0["ms"] as? Double } == [400, 425, 400.2, 425.2])
    #expect(stairs.map { $0["tokens"] as? Int } == [1, 2, 1, 2])
    let distribution = try #require(plots["distribution"])
    #expect(distribution.map { $0["beyond"] as? Double } == [1, 2, 1, 2, 1, 2])
    let bytes = try #require(plots["bytes"])
    #expect(
      bytes.map { $0["kind"] as? String } == [
        "payload", "requests", "payload", "requests", "payload", "requests",
      ])
    #expect(bytes.map { $0["bytes"] as? Double } == [30, 7, 30, 7, 30, 7])
    let frontier = try #require(plots["frontier"])
    #expect(frontier.map { $0["entry"] as? String } == Sample.names)
    #expect(frontier.map { $0["delay"] as? Double } == [50.2, 0.21, 0.21])
    #expect(frontier.map { $0["cost"] as? Double } == [0.25, 0.0208, 0.0208])
    #expect(frontier.map { $0["low"] as? Double } == [49.1, 0.2, 0.2])
    #expect(frontier.map { $0["high"] as? Double } == [51.3, 0.22, 0.22])
    #expect(plots["frontier2"]?.map { $0["cost"] as? Double } == [62.4, 19.4, 16.2])
    // 141.5 and 7, in 147.2 to 149.4.
    #expect(bytes[0]["label"] as? String == "poll 100 ms: 149")
    #expect(bytes[0]["low"] as? Double == 147.2)
    #expect(bytes[0]["high"] as? Double == 149.4)
  }

  @Test func `what was not measured has no plot`() throws {
    #expect(
      try specifications(page(Sample.result())).map(\.name) == ["staircase", "distribution", "frontier"])
  }

  // A logarithmic scale has no place for zero.
  @Test func `a delay of zero is drawn as a microsecond`() throws {
    var result = try Sample.result()
    for index in result.trials.indices { result.trials[index].values[.delayMedian] = 0 }
    let frontier = try #require(try specifications(page(result)).first { $0.name == "frontier" })
    #expect(try rows(frontier.json).allSatisfy { $0["delay"] as? Double == 0.001 })
  }

  @Test(arguments: ["</script><script>alert(1)</script>", "<!--<script>", "a'b\"c\\d\u{2028}"])
  func `no name can end the script`(_ name: String) throws {
    let text = page(try Sample.result(renamed: name))
    #expect(text.components(separatedBy: "<script").count == 3)
    #expect(text.components(separatedBy: "</script").count == 3)
    #expect(!text.contains("<!--"))
    let frontier = try #require(try specifications(text).first { $0.name == "frontier" })
    #expect(
      try rows(frontier.json).map { $0["entry"] as? String } == ["poll 100 ms", "server-sent-events", name])
  }

  @Test func `the library comes from the project's own Python, and cannot end its script`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("plots-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let programs = folder.appendingPathComponent(".venv/bin")
    try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: true)
    let python = programs.appendingPathComponent("python").path
    try Data("#!/bin/sh\necho \"var a = '</script>'; // $1\"\n".utf8).write(to: URL(fileURLWithPath: python))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
    let library = try #require(PlotLibrary.find(projectFolder: folder.path))
    #expect(library.javaScript == "var a = '<\\/script>'; // -I\n")
  }

  @Test func `a panel a condition, all with the same axes`() throws {
    var result = try Sample.conditions()
    for (place, entry) in result.plan.entries.enumerated() {
      result.staircases[entry.name] = [
        .init(milliseconds: 1, tokens: 1), .init(milliseconds: Double(10 * (place + 1)), tokens: 2),
      ]
    }
    let text = page(result)
    #expect(text.contains("<h3>eleven</h3><div class=\"plot\" id=\"staircase\">"))
    #expect(text.contains("<h3>twenty</h3><div class=\"plot\" id=\"staircase2\">"))
    let panels = try specifications(text).filter { $0.name.hasPrefix("staircase") }
    #expect(
      try panels.map { try Set(rows($0.json).compactMap { $0["condition"] as? String }) } == [
        ["eleven"], ["twenty"],
      ])
    for panel in panels {
      let layer = try #require((panel.json["layer"] as? [[String: Any]])?.first)
      let x = (layer["encoding"] as? [String: [String: Any]])?["x"]?["scale"] as? [String: Any]
      #expect(x?["domain"] as? [Double] == [0, 60])
    }
  }

  @Test func `who lost tokens is marked where that would look like speed`() throws {
    let cross = "✕"
    #expect(try !page(Sample.result()).contains(cross))
    var result = try Sample.result()
    result.trials[2].ledger.lost = 7
    let text = page(result)
    for (name, json) in try specifications(text) where name != "bytes" {
      let marks = (json["layer"] as? [[String: Any]])?.compactMap {
        ($0["mark"] as? [String: Any])?["text"] as? String
      }
      #expect(marks == [cross], "\(name)")
      let losers = try rows(json).filter { $0["hasLost"] as? Bool == true }.map { $0["entry"] as? String }
      #expect(losers == ["websocket"], "\(name)")
    }
    let notes = text.matches(of: /A cross marks who lost tokens[^<]*: websocket \(7\)\.<\/figcaption>/)
    #expect(notes.count == 3)
  }

  @Test func `a distribution says what it is pooled over`() throws {
    let points = try #require(try Sample.result().distributions["websocket"])
    let pages = try [Sample.result(), Sample.runs(), Sample.conditions()].map { result in
      var result = result
      for entry in result.plan.entries { result.distributions[entry.name] = points }
      return page(result)
    }
    #expect(pages[0].contains("pooled over all 11 readers in all 9 trials, "))
    #expect(pages[1].contains("pooled over all 11 readers in all 18 trials of 6 runs, "))
    #expect(pages[2].contains("pooled over all 11 or 20 readers in all 9 trials, "))
  }
}
