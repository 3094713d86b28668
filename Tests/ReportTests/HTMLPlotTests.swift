import Experiments
import Foundation
import Testing

@testable import Report

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

  @Test func `four plots, each with its place and its caption`() throws {
    let text = page(try Sample.result())
    let names = ["staircase", "distribution", "bytes", "frontier"]
    #expect(text.matches(of: /<div class="plot" id="(\w+)"><\/div>/).map { String($0.1) } == names)
    #expect(text.matches(of: /<figcaption>[^<]{50,}<\/figcaption>/).count == 4)
    #expect(try specifications(text).map(\.name) == names)
    #expect(text.contains("<script>var vegaEmbed = () => 1;</script>\n<script>\nvegaEmbed('#staircase', {"))
    #expect(text.hasSuffix("});\n</script>\n</body>\n</html>\n"))
    #expect(!text.contains(PlotLibrary.advice))
  }

  @Test func `the plots hold the result's numbers`() throws {
    var result = try Sample.result()
    for index in result.trials.indices {
      result.trials[index].values[.bytesDownPayload] = 30
      result.trials[index].values[.bytesUp] = 7
    }
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
        "1 payload", "4 requests", "1 payload", "4 requests", "1 payload", "4 requests",
      ])
    #expect(bytes.map { $0["bytes"] as? Double } == [30, 7, 30, 7, 30, 7])
    let frontier = try #require(plots["frontier"])
    #expect(frontier.map { $0["entry"] as? String } == Sample.names)
    #expect(frontier.map { $0["delay"] as? Double } == [50.2, 0.21, 0.21])
    #expect(frontier.map { $0["cpu"] as? Double } == [31.2, 9.7, 8.1])
  }

  // A logarithmic scale has no place for zero.
  @Test func `a delay of zero is drawn as a microsecond`() throws {
    var result = try Sample.result()
    for index in result.trials.indices { result.trials[index].values[.delayMedian] = 0 }
    let frontier = try #require(try specifications(page(result)).last)
    #expect(try rows(frontier.json).allSatisfy { $0["delay"] as? Double == 0.001 })
  }

  @Test(arguments: ["</script><script>alert(1)</script>", "<!--<script>", "a'b\"c\\d\u{2028}"])
  func `no name can end the script`(_ name: String) throws {
    let text = page(try Sample.result(renamed: name))
    #expect(text.components(separatedBy: "<script").count == 3)
    #expect(text.components(separatedBy: "</script").count == 3)
    #expect(!text.contains("<!--"))
    let frontier = try #require(try specifications(text).last)
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
}
