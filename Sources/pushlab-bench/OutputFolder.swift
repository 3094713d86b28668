import Bench
import Foundation
import Results

/// Where a bench's files go; made before the first turn.
struct OutputFolder {
  let path: String

  /// - Parameter path: nil makes `results/bench-TIME`.
  init(_ path: String?) throws {
    if let path {
      self.path = path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } else {
      self.path = try OwnFolder.make(OwnFolder.path(of: "bench")).relativePath
    }
  }

  func write(_ result: BenchResult) throws {
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    try result.json.write(to: folder.appendingPathComponent("bench.json"), options: .atomic)
    let report = BenchReport(result)
    for (name, page) in [("bench.md", report.markdown), ("summary.md", report.summary)] {
      try Data(page.utf8).write(to: folder.appendingPathComponent(name), options: .atomic)
    }
  }
}
