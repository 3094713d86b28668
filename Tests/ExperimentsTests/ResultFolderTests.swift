import Foundation
import LabClient
import Measurement
import MonotonicTime
import Readings
import Testing

@testable import Experiments
@testable import Machine
@testable import Results

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

  @Test(arguments: ["report.md", "report.html", "arrivals.csv"])
  func `it takes no file's place`(_ name: String) throws {
    try Data("mine".utf8).write(to: folder.appendingPathComponent(name))
    let error = #expect(throws: ExperimentError.self) {
      try ResultFolder(folder.path, for: experiment).arrivals()
    }
    #expect(error?.description.hasSuffix(" already: choose another folder with --out") == true)
    #expect(try text(name) == "mine")
  }

  @Test func `what a run leaves that could not begin is in nobody's way`() throws {
    for _ in 0..<2 {
      let arrivals = try ResultFolder(folder.path, for: experiment).arrivals()
      withExtendedLifetime(arrivals) {}
    }
    #expect(try text("arrivals.csv") == "entry,run,trial,reader,index,intended_ns,arrived_ns,intact\n")
  }

  @Test func `it refuses a folder that cannot be written`() throws {
    #expect(
      mistake("/proc/x") == "the folder '/proc/x' cannot be written: choose another with --out")
    let file = folder.appendingPathComponent("file")
    try Data().write(to: file)
    #expect(
      mistake(file.path) == "the folder '\(file.path)' cannot be written: choose another with --out")
  }

  @Test func `of two runs in one second each has a folder of its own`() throws {
    var elsewhere = experiment
    elsewhere.name = "\(UUID())"
    let second = Date(timeIntervalSince1970: 1_000_000_000)
    let folders = try (0..<3).map { _ in try ResultFolder(nil, for: elsewhere, now: second).url }
    defer { for folder in folders { try? FileManager.default.removeItem(at: folder) } }
    #expect(Set(folders.map(\.path)).count == 3)
    #expect(folders[1].lastPathComponent == folders[0].lastPathComponent + "-2")
    #expect(folders[2].lastPathComponent == folders[0].lastPathComponent + "-3")
  }

  @Test func `of runs that begin at once each has a folder of its own`() async throws {
    var elsewhere = experiment
    elsewhere.name = "\(UUID())"
    let wanted = elsewhere
    let second = Date(timeIntervalSince1970: 1_000_000_000)
    let folders = try await withThrowingTaskGroup(of: URL.self) { group in
      for _ in 0..<20 { group.addTask { try ResultFolder(nil, for: wanted, now: second).url } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for folder in folders { try FileManager.default.removeItem(at: folder) }
    #expect(Set(folders.map(\.path)).count == 20)
  }

  @Test func `of two runs that are given one folder the second is refused`() throws {
    let first = try ResultFolder(folder.path, for: experiment)
    let second = try ResultFolder(folder.path, for: experiment)
    let arrivals = try first.arrivals()
    try arrivals.write([], entry: "", .init(trial: 0))
    let error = #expect(throws: ExperimentError.self) { try second.arrivals() }
    #expect(
      error?.description
        == "another run is writing '\(folder.path)/arrivals.csv': choose another folder with --out")
    #expect(try text("arrivals.csv").hasPrefix("entry,run,trial,"))
  }

  @Test func `it refuses more than the disk holds`() throws {
    var large = experiment
    large.readers = 100_000
    large.trials = 10_000
    large.conditions[0].tokens = 100_000
    let path = folder.appendingPathComponent("not/there/yet").path
    let error = #expect(throws: ExperimentError.self) { try ResultFolder.requireRoom(path, for: large) }
    #expect(error?.description.hasPrefix("the disk of '\(path)' has ") == true)
    #expect(error?.description.contains("MB left and the run may need 93") == true)
    #expect(!FileManager.default.fileExists(atPath: path))
    try ResultFolder.requireRoom(path, for: experiment)
  }

  @Test func `a file system that counts no room is not asked for it`() throws {
    var large = experiment
    large.readers = 100_000
    large.conditions[0].tokens = 100_000
    try ResultFolder.requireRoom("/proc/x", for: large)
  }

  @Test func `room is counted for whatever scales a run`() {
    func needed(_ change: (inout Experiment) -> Void) -> Double {
      var changed = experiment
      changed.conditions[0].tokens = 1_000
      changed.readers = 100
      change(&changed)
      return DiskRoom.bytesNeeded(by: changed) - 10_000_000
    }
    let plain = needed { _ in }
    #expect(plain > 100 * 1_000 * 5 * 80)
    // The readers' rows are nearly all of it.
    for scaled in [
      needed { $0.conditions[0].readers = 1_000 }, needed { $0.conditions[0].tokens = 10_000 },
      needed { $0.trials *= 10 }, needed { $0.runs *= 10 }, needed { $0.readers *= 10 },
      needed { $0.variants += Array(repeating: $0.variants[0], count: 9) },
      needed { $0.conditions += Array(repeating: $0.conditions[0], count: 9) },
    ] {
      #expect((9...10.1).contains(scaled / plain))
    }
    // A condition of fewer readers needs less, though the experiment has more.
    #expect(needed { $0.conditions[0].readers = 1 } < plain / 10)
    #expect(needed { $0.variants[0].name = String(repeating: "n", count: 720) } > plain * 5)
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
    var reading = Reading(
      asked: Instant(nanoseconds: 0), started: Instant(nanoseconds: 1_000),
      offsets: [.nanoseconds(500), .nanoseconds(700)])
    reading.arrivals = [
      Arrival(index: 0, at: Instant(nanoseconds: 1_510), isIntact: true),
      Arrival(index: 1, at: Instant(nanoseconds: 1_720), isIntact: false),
      Arrival(index: 9, at: Instant(nanoseconds: 1_730), isIntact: false),
    ]
    var silent = reading
    silent.arrivals = []
    try arrivals.write([silent, reading], entry: "w, \"fast\"", .init(run: 2, trial: 4))
    reading.arrivals.removeLast(2)
    try arrivals.write([reading], entry: "plain", .init(trial: 5))
    #expect(
      try text("arrivals.csv") == """
        entry,run,trial,reader,index,intended_ns,arrived_ns,intact
        "w, ""fast""\",2,4,1,0,1500,1510,1
        "w, ""fast""\",2,4,1,1,1700,1720,0
        "w, ""fast""\",2,4,1,9,1000,1730,0
        plain,0,5,0,0,1500,1510,1

        """)
  }

  @Test func `a row stays within what the disk's check counts on`() throws {
    let arrivals = try ResultFolder(folder.path, for: experiment).arrivals()
    var reading = Reading(asked: .now, started: Instant(nanoseconds: .max / 2))
    reading.arrivals = [Arrival(index: 99_999, at: Instant(nanoseconds: .max), isIntact: true)]
    let readings = Array(repeating: reading, count: 1_000)
    try arrivals.write(readings, entry: "", .init(run: 999, trial: 9_999))
    let rows = try text("arrivals.csv").split(separator: "\n").dropFirst()
    #expect(rows.allSatisfy { $0.utf8.count < ArrivalsFile.rowBytes })
  }
}
