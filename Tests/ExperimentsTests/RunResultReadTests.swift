import Foundation
import Testing

@testable import Experiments
@testable import Machine
@testable import Results

@Suite final class RunResultReadTests {
  private let file = FileManager.default.temporaryDirectory.appendingPathComponent(
    "result-\(UUID().uuidString).json")
  private let json: Data

  init() throws {
    let experiment = try Experiment(name: "01-x", yaml: ExampleFiles.least, file: "x.yml")
    let environment = RunEnvironment(processors: Processors(), engine: "lws")
    json = try RunResult(experiment, command: "c", environment: environment).json
  }

  deinit {
    try? FileManager.default.removeItem(at: file)
  }

  /// What reading this file's bytes is refused with, less the file's name; the file has to stay as it is.
  private func mistake(_ bytes: Data) throws -> String? {
    try bytes.write(to: file)
    let error = #expect(throws: ExperimentError.self) { try RunResult.read(file) }
    #expect(try Data(contentsOf: file) == bytes)
    let message = try #require(error?.description)
    #expect(message.hasPrefix("\(file.path): "))
    #expect(!message.contains("\n"))
    return String(message.dropFirst(file.path.count + 2))
  }

  private func mistake(_ text: String) throws -> String? { try mistake(Data(text.utf8)) }

  private func changed(_ part: String, to replacement: String) throws -> String {
    let text = String(decoding: json, as: UTF8.self)
    try #require(text.contains(part))
    return text.replacing(part, with: replacement)
  }

  @Test func `a whole file is read`() throws {
    try json.write(to: file)
    let result = try RunResult.read(file)
    #expect(result.experiment == "01-x")
    #expect(try result.json == json)
  }

  @Test func `a missing file is named`() throws {
    let error = #expect(throws: ExperimentError.self) { try RunResult.read(file) }
    #expect(
      error?.description
        == "\(file.path): there is no such file: give a run's result.json or its folder")
    #expect(!FileManager.default.fileExists(atPath: file.path))
  }

  @Test func `a folder in a file's place is not called missing`() throws {
    let folder = FileManager.default.temporaryDirectory
    let error = #expect(throws: ExperimentError.self) { try RunResult.read(folder) }
    #expect(error?.description.contains("this is not a readable file") == true)
  }

  @Test(arguments: ["", "not JSON", "{}", "[]", "null", #"{"version":"2"}"#, "\u{0}\u{1}"])
  func `what is no result is refused`(_ text: String) throws {
    #expect(try mistake(text) == "not a result of pushlab, or truncated")
  }

  @Test func `a file cut short is refused, wherever it is cut`() throws {
    for count in stride(from: 0, to: json.count - 2, by: max(1, json.count / 25)) {
      #expect(try mistake(json.prefix(count)) == "not a result of pushlab, or truncated")
    }
  }

  @Test(arguments: [1, 2, 4, -1])
  func `another version is refused by its number`(_ version: Int) throws {
    let message = "version \(version) of the format; this pushlab reads version 3"
    #expect(try mistake(try changed(#""version" : 3"#, to: "\"version\" : \(version)")) == message)
    #expect(try mistake("{\"version\":\(version)}") == message)
  }

  @Test func `a file that lacks something is refused`() throws {
    let message = "truncated or altered: it does not match version 3 of the format"
    #expect(try mistake(#"{"version":3}"#) == message)
    #expect(try mistake(try changed(#""trials" : ["#, to: #""trails" : ["#)) == message)
    #expect(try mistake(try changed("delay_p50_ms", to: "delay_p51_ms")) == message)
  }

  @Test(arguments: [
    "1e400", "-1e400", "9223372036854775808", "1.5", "NaN", String(repeating: "[", count: 100_000),
  ])
  func `a file with numbers that are none is refused`(_ number: String) throws {
    let text = try changed(#""warmUps" : 1"#, to: "\"warmUps\" : \(number)")
    #expect(try mistake(text)?.contains("truncated") == true)
  }
}
