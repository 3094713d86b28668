import Foundation
import LabClient
import Measurement
import MonotonicTime
import Readings
import Testing

@testable import Experiments
@testable import Machine
@testable import Results

/// What is on disk while a run goes on, and when something goes wrong.
@Suite final class RunRecordTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("record-\(UUID())")
  private let experiment: Experiment

  init() throws {
    var experiment = try Experiment(name: "01-x", yaml: ExampleFiles.least, file: "x.yml")
    experiment.trials = 3
    self.experiment = experiment
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  private func record() throws -> RunRecord {
    let environment = RunEnvironment(processors: Processors(), engine: "lws")
    let result = RunResult(experiment, command: "c", environment: environment)
    let folder = try ResultFolder(folder.path, for: experiment)
    return RunRecord(result, folder, try folder.arrivals())
  }

  private func turn(_ trial: Int) -> Turn {
    let question = experiment.question(.init(trial: trial), reader: 0, experiment.conditions[0])
    var reading = Reading(
      asked: Instant(nanoseconds: 0), started: Instant(nanoseconds: 0), offsets: question.offsets)
    reading.arrivals = [Arrival(index: 0, at: Instant(nanoseconds: 900_000_000), isIntact: true)]
    reading.expectedCount = 1
    return Turn(
      readings: [reading],
      measurement: TrialMeasurement(entry: "websocket", trial: trial, readings: [reading]))
  }

  private var onDisk: RunResult {
    get throws { try RunResult.read(folder.appendingPathComponent("result.json")) }
  }

  @Test func `a trial is on disk once it is finished, in a result that says it has not ended`() throws {
    var record = try record()
    try record.keep([turn(0)])
    #expect(try onDisk.trials.map(\.trial) == [0])
    #expect(try onDisk.failure == RunResult.unfinished)
    #expect(try onDisk.isInterrupted)
    #expect(try onDisk.hasFailed)
    #expect(try !onDisk.distributions.isEmpty)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "arrivals.csv", "result.json",
      ])
  }

  @Test func `the last word is that of a run that did all it was to`() throws {
    var record = try record()
    for trial in 0..<3 { try record.keep([turn(trial)]) }
    let result = record.finish()
    #expect(result.failure == nil && !result.isInterrupted && !result.hasFailed)
    #expect(try onDisk.json == result.json)
    #expect(try onDisk.trials.map(\.trial) == [0, 1, 2])
  }

  @Test func `a later failure takes nothing of what was measured`() throws {
    var record = try record()
    try record.keep([turn(0)])
    record.fail("memory was not measured")
    record.fail("nor was this")
    let result = record.finish()
    #expect(try onDisk.failure == "memory was not measured; nor was this")
    #expect(try onDisk.trials.count == 1)
    #expect(result.hasFailed && !result.isInterrupted)
  }

  @Test func `a disk that takes no more leaves the trial in the result, and the failure with it`() throws {
    var record = try record()
    try record.keep([turn(0)])
    // As a folder in the file's place, since a full disk is not to be had everywhere.
    try FileManager.default.removeItem(at: folder)
    try Data().write(to: folder)
    let result = record.finish()
    #expect(result.trials.count == 1)
    #expect(
      result.failure?.hasSuffix("cannot be written any more: make room on the disk, and run again") == true)
  }

  @Test func `a trial whose readers could not read is failed, and lost all it was to bring`() throws {
    var record = try record()
    let failed = TrialMeasurement(entry: "websocket", trial: 0, readers: 4, tokens: 25, failure: "no links")
    try record.keep([Turn(readings: [], measurement: failed)])
    let result = record.finish()
    #expect(result.hasFailed)
    #expect(result.ledger(of: "websocket").lost == 100)
    #expect(result.failures(of: "websocket") == ["no links"])
    #expect(result.trials[0].values == [:])
  }
}
