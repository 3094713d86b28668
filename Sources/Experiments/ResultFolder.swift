import Foundation
import Results

/// Where a run's files go. It is made, and tried, before the first trial: a folder that cannot be written must
/// not cost a run.
public struct ResultFolder {
  public let url: URL

  /// - Parameters:
  ///   - path: nil makes `results/NAME-TIME`, and counts on where another run has taken that name.
  ///   - now: the time in that name.
  /// - Throws: `ExperimentError`.
  public init(_ path: String?, for experiment: Experiment, now: Date = Date()) throws(ExperimentError) {
    if let path {
      url = URL(fileURLWithPath: path, isDirectory: true)
      let own = [("result.json", "a result"), ("report.html", "a report"), ("report.md", "a report")]
      for (file, what) in own
      where FileManager.default.fileExists(atPath: url.appendingPathComponent(file).path) {
        throw ExperimentError("'\(path)' holds \(what) already: choose another folder with --out")
      }
      do {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      } catch {
        throw OwnFolder.unwritable(path)
      }
    } else {
      url = try OwnFolder.make(OwnFolder.path(of: experiment.name, at: now))
    }
    do {
      let probe = url.appendingPathComponent(".probe-\(UUID().uuidString)")
      try Data("x".utf8).write(to: probe)
      try FileManager.default.removeItem(at: probe)
    } catch {
      throw OwnFolder.unwritable(path ?? url.relativePath)
    }
  }

  /// Looks whether the disk has room for what the run may write, before anything is made.
  /// - Throws: `ExperimentError`.
  public static func requireRoom(_ path: String?, for experiment: Experiment) throws(ExperimentError) {
    let place = path ?? OwnFolder.path(of: experiment.name)
    let needed = DiskRoom.bytesNeeded(by: experiment)
    guard let free = DiskRoom.bytesFree(at: URL(fileURLWithPath: place, isDirectory: true)), free < needed
    else {
      return
    }
    throw ExperimentError(
      "the disk of '\(place)' has \(Int(free / 1e6)) MB left and the run may need \(Int(needed / 1e6)): "
        + "make room, or choose another folder with --out")
  }

  /// - Throws: `ExperimentError`, also where another run is writing it.
  public func arrivals() throws -> ArrivalsFile {
    try ArrivalsFile(url.appendingPathComponent("arrivals.csv"))
  }

  /// Writes `result.json`, whole or not at all: into another file, which then takes the name.
  /// - Throws: `ExperimentError`.
  @discardableResult public func write(_ result: RunResult) throws(ExperimentError) -> URL {
    let file = url.appendingPathComponent("result.json")
    do {
      try result.json.write(to: file, options: .atomic)
    } catch {
      throw ExperimentError(
        "'\(file.relativePath)' cannot be written any more: make room on the disk, and run again")
    }
    return file
  }
}
