import Foundation
import PlainText

/// What a run may write, and whether the disk has it.
enum DiskRoom {
  /// `result.json` holds this much for an entry's trial at most, its numbers and doubts.
  private static let trialBytes = 6_000.0
  /// And this much for a token of a staircase, indented; an entry has one, and the schedule of its condition another.
  private static let stepBytes = 120.0
  /// What a run is to leave to others.
  private static let reserve = 10_000_000.0

  /// Everything that scales a run is in it: its trials, its entries, and each condition's readers and tokens.
  /// In floating point, since the largest that an experiment may ask for is beyond 64 bits.
  static func bytesNeeded(by experiment: Experiment) -> Double {
    let trials = Double(experiment.trials) * Double(experiment.runs)
    return reserve
      + experiment.entries.reduce(0) { sum, entry in
        let tokens = Double(entry.condition.tokens)
        let row = Double(ArrivalsFile.rowBytes + entry.name.inCSV.utf8.count)
        let arrivals = Double(experiment.readers(under: entry.condition)) * tokens * trials * row
        // Twice, since a new result.json is written before the old one goes.
        let result = 2 * (trials * (trialBytes + Double(entry.name.utf8.count)) + 2 * tokens * stepBytes)
        return sum + arrivals + result
      }
  }

  /// Bytes left where this path is, or is going to be; nil where the file system counts none, as `/proc`.
  static func bytesFree(at url: URL) -> Double? {
    var folder = url.absoluteURL.standardizedFileURL
    while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path) {
      folder.deleteLastPathComponent()
    }
    guard let system = try? FileManager.default.attributesOfFileSystem(forPath: folder.path),
      let size = system[.systemSize] as? NSNumber, size.doubleValue > 0
    else { return nil }
    return (system[.systemFreeSize] as? NSNumber)?.doubleValue
  }
}
