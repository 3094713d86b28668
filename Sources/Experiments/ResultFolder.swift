import Foundation

/// Where a run's files go. It is made, and tried, before the first trial: a folder that cannot be written must
/// not cost a run.
public struct ResultFolder {
  public let url: URL

  /// - Parameter path: nil makes `results/NAME-TIME`.
  /// - Throws: `ExperimentError`.
  public init(_ path: String?, for experiment: Experiment) throws {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    let path = path ?? "results/\(experiment.name)-\(formatter.string(from: Date()))"
    url = URL(fileURLWithPath: path, isDirectory: true)
    guard !FileManager.default.fileExists(atPath: url.appendingPathComponent("result.json").path) else {
      throw ExperimentError("'\(path)' holds a result already: choose another folder with --out")
    }
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      try Data("x".utf8).write(to: url.appendingPathComponent(".probe"))
      try FileManager.default.removeItem(at: url.appendingPathComponent(".probe"))
    } catch {
      throw ExperimentError("the folder '\(path)' cannot be written: choose another with --out")
    }
    let tokens =
      experiment.entries.reduce(0) { $0 + $1.condition.tokens } * experiment.readers * experiment.trials
    let needed = tokens * ArrivalsFile.rowBytes + 10_000_000
    let free = try FileManager.default.attributesOfFileSystem(forPath: url.path)[.systemFreeSize] as? NSNumber
    if let free = free?.intValue, free < needed {
      throw ExperimentError(
        "the disk of '\(path)' has \(free / 1_000_000) MB left and the run may need \(needed / 1_000_000): "
          + "make room, or choose another folder with --out")
    }
  }

  public func arrivals() throws -> ArrivalsFile {
    try ArrivalsFile(url.appendingPathComponent("arrivals.csv"))
  }

  /// Writes `result.json`, whole or not at all.
  public func write(_ result: RunResult) throws -> URL {
    let file = url.appendingPathComponent("result.json")
    try result.json.write(to: file, options: .atomic)
    return file
  }
}
