import Foundation
import LabClient
import MonotonicTime

/// `arrivals.csv`: every token of every trial, as it came.
public final class ArrivalsFile {
  private let handle: FileHandle

  /// - Throws: what the file system says.
  public init(_ file: URL) throws {
    try Data("entry,trial,reader,index,intended_ns,arrived_ns,intact\n".utf8).write(to: file)
    handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
  }

  deinit {
    try? handle.close()
  }

  /// Bytes that a token's row takes at most, names of entries apart.
  public static let rowBytes = 80

  func write(_ readings: [Reading], entry: String, trial: Int, offsets: [Duration]) throws {
    let name =
      entry.contains { ",\"\n".contains($0) } ? "\"\(entry.replacing("\"", with: "\"\""))\"" : entry
    var text = ""
    for (number, reading) in readings.enumerated() {
      for arrival in reading.arrivals {
        let offset = offsets.indices.contains(arrival.index) ? offsets[arrival.index] : .zero
        let intended = reading.started.advanced(by: offset).nanoseconds
        text += "\(name),\(trial),\(number),\(arrival.index),\(intended),\(arrival.at.nanoseconds),"
        text += arrival.isIntact ? "1\n" : "0\n"
      }
    }
    do {
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      throw ExperimentError("arrivals.csv cannot be written any more: make room on the disk, and run again")
    }
  }
}
