import Foundation
import Machine
import Measurement
import MonotonicTime
import Wire

/// Measures an entry's turn: a fresh server, its readers, a warm-up, and then what counts.
struct LoadMeter {
  let parts: Parts
  let processors: Processors
  let options: Options

  /// - Throws: `BenchError` with what went wrong.
  func measure(_ entry: Entry, _ shape: Load.Shape, readers: Int) throws -> TurnResult {
    var patience = Duration.milliseconds(800 + readers / 2)
    for _ in 0..<3 {
      if let result = try measure(entry, options.load(shape, readers: readers), patience) { return result }
      patience *= 2
    }
    throw BenchError("\(readers) readers were not connected within \(Int((patience / 2).inSeconds)) s")
  }

  /// - Parameter patience: from the beginning of connecting to the first token.
  /// - Returns: nil where that was not enough.
  private func measure(_ entry: Entry, _ load: Load, _ patience: Duration) throws -> TurnResult? {
    try withTemporaryFolder { folder in
      let server = try parts.start(entry.server, load, folder: folder)
      defer { server.stop() }
      var held = HeldServer(server, processors)
      held.measureIdle()
      var load = load
      load.first = .now.advanced(by: patience)
      let plans = try server.plans(load, entry.transport)
      guard
        let crowd = try held.connect(plans, load, answersAtOnce: entry.server.answersAtOnce(entry.transport))
      else { return nil }
      let publisher = try server.publisher(load)
      let delivery = Delivery(crowd, load, options)
      var result = delivery.measure(held)
      if let outcome = publisher?.finish() { add(outcome, to: &result) }
      result.figures.merge(held.figures) { $1 }
      result.doubts += held.doubts
      return result
    }
  }

  private func add(_ outcome: (publishing: Publishing, failure: String?), to result: inout TurnResult) {
    if let failure = outcome.failure { result.failures[failure] = 1 }
    result.publishing = outcome.publishing
    let late = outcome.publishing.worstLateness
    guard late > FigureDoubt.latePublisher else { return }
    result.doubts.append(
      FigureDoubt(figures: FigureDoubt.delays, doubt: .publisherLate(milliseconds: late)))
  }
}

/// A folder that is gone again afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("pushlab-bench-\(UUID().uuidString)", isDirectory: true)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
