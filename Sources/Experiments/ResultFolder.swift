import Foundation

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
      guard !FileManager.default.fileExists(atPath: url.appendingPathComponent("result.json").path) else {
        throw ExperimentError("'\(path)' holds a result already: choose another folder with --out")
      }
      do {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      } catch {
        throw Self.unwritable(path)
      }
    } else {
      url = try Self.made(Self.path(for: experiment, now))
    }
    do {
      try Data("x".utf8).write(to: url.appendingPathComponent(".probe"))
      try FileManager.default.removeItem(at: url.appendingPathComponent(".probe"))
    } catch {
      throw Self.unwritable(path ?? url.relativePath)
    }
  }

  /// Looks whether the disk has room for what the run may write, before anything is made.
  /// - Throws: `ExperimentError`.
  public static func requireRoom(_ path: String?, for experiment: Experiment) throws(ExperimentError) {
    let place = path ?? Self.path(for: experiment, Date())
    let needed = DiskRoom.bytesNeeded(by: experiment)
    guard let free = DiskRoom.bytesFree(at: URL(fileURLWithPath: place, isDirectory: true)), free < needed
    else {
      return
    }
    throw ExperimentError(
      "the disk of '\(place)' has \(Int(free / 1e6)) MB left and the run may need \(Int(needed / 1e6)): "
        + "make room, or choose another folder with --out")
  }

  private static func path(for experiment: Experiment, _ now: Date) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    return "results/\(experiment.name)-\(formatter.string(from: now))"
  }

  /// Makes a folder of this name, or the next one that nobody has: `NAME-2`, `NAME-3`. Of two runs that want one
  /// name at a time mkdir gives it to one.
  private static func made(_ path: String) throws(ExperimentError) -> URL {
    let wanted = URL(fileURLWithPath: path, isDirectory: true)
    do {
      try FileManager.default.createDirectory(
        at: wanted.deletingLastPathComponent(), withIntermediateDirectories: true)
    } catch {
      throw unwritable(path)
    }
    for number in 1...10_000 {
      let numbered = number == 1 ? path : "\(path)-\(number)"
      if mkdir(numbered, 0o777) == 0 { return URL(fileURLWithPath: numbered, isDirectory: true) }
      guard errno == EEXIST else { break }
    }
    throw unwritable(path)
  }

  private static func unwritable(_ path: String) -> ExperimentError {
    ExperimentError("the folder '\(path)' cannot be written: choose another with --out")
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
