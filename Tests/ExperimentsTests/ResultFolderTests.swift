import Foundation
import LabClient
import MonotonicTime
import Testing

@testable import Experiments

@Suite final class ResultFolderTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "results-\(UUID().uuidString)")
  private let experiment: Experiment

  init() throws {
    experiment = try Experiment(name: "01-x", yaml: ExampleFiles.least, file: "x.yml")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  private func mistake(_ path: String) -> String? {
    let error = #expect(throws: ExperimentError.self) { try ResultFolder(path, for: experiment) }
    return error?.description
  }

  @Test func `it makes the folder, and those above it`() throws {
    let path = folder.appendingPathComponent("a/b").path
    let result = try ResultFolder(path, for: experiment)
    #expect(result.url.path == path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
  }

  @Test func `it refuses a folder that holds a result, and leaves it alone`() throws {
    let file = folder.appendingPathComponent("result.json")
    try Data("mine".utf8).write(to: file)
    #expect(
      mistake(folder.path)
        == "'\(folder.path)' holds a result already: choose another folder with --out")
    #expect(try text("result.json") == "mine")
  }

  @Test func `it refuses a folder that cannot be written`() throws {
    #expect(
      mistake("/proc/x") == "the folder '/proc/x' cannot be written: choose another with --out")
    let file = folder.appendingPathComponent("file")
    try Data().write(to: file)
    #expect(
      mistake(file.path) == "the folder '\(file.path)' cannot be written: choose another with --out")
  }

  @Test func `it refuses more than the disk holds`() throws {
    var large = experiment
    large.readers = 100_000
    large.trials = 10_000
    large.conditions[0].tokens = 100_000
    let error = #expect(throws: ExperimentError.self) { try ResultFolder(folder.path, for: large) }
    #expect(error?.description.contains("MB left and the run may need 8000000010: make room") == true)
  }

  @Test func `a result is written and found again`() throws {
    let environment = RunEnvironment(processors: Processors(), engine: "lws")
    let result = RunResult(experiment, command: "c", environment: environment)
    let file = try ResultFolder(folder.path, for: experiment).write(result)
    #expect(file.lastPathComponent == "result.json")
    #expect(try Data(contentsOf: file) == result.json)
    #expect(try RunResult.read(file).command == "c")
    #expect(mistake(folder.path)?.contains("holds a result already") == true)
  }

  @Test func `literal text of the arrivals`() throws {
    let arrivals = try ResultFolder(folder.path, for: experiment).arrivals()
    var reading = Reading(asked: Instant(nanoseconds: 0), started: Instant(nanoseconds: 1_000))
    reading.arrivals = [
      Arrival(index: 0, at: Instant(nanoseconds: 1_510), isIntact: true),
      Arrival(index: 1, at: Instant(nanoseconds: 1_720), isIntact: false),
      Arrival(index: 9, at: Instant(nanoseconds: 1_730), isIntact: false),
    ]
    let offsets: [Duration] = [.nanoseconds(500), .nanoseconds(700)]
    var silent = reading
    silent.arrivals = []
    try arrivals.write([silent, reading], entry: "w, \"fast\"", trial: 4, offsets: offsets)
    reading.arrivals.removeLast(2)
    try arrivals.write([reading], entry: "plain", trial: 5, offsets: offsets)
    #expect(
      try text("arrivals.csv") == """
        entry,trial,reader,index,intended_ns,arrived_ns,intact
        "w, ""fast""\",4,1,0,1500,1510,1
        "w, ""fast""\",4,1,1,1700,1720,0
        "w, ""fast""\",4,1,9,1000,1730,0
        plain,5,0,0,1500,1510,1

        """)
  }

  @Test func `a row stays within what the disk's check counts on`() throws {
    let arrivals = try ResultFolder(folder.path, for: experiment).arrivals()
    var reading = Reading(asked: .now, started: Instant(nanoseconds: .max / 2))
    reading.arrivals = [Arrival(index: 99_999, at: Instant(nanoseconds: .max), isIntact: true)]
    let readings = Array(repeating: reading, count: 1_000)
    try arrivals.write(readings, entry: "", trial: 9_999, offsets: [])
    let rows = try text("arrivals.csv").split(separator: "\n").dropFirst()
    #expect(rows.allSatisfy { $0.utf8.count < ArrivalsFile.rowBytes })
  }
}
