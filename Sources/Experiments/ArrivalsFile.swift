import Foundation
import MonotonicTime
import PlainText
import Readings
import Results

/// `arrivals.csv`: every token of every trial, as it came.
public final class ArrivalsFile {
  private let handle: FileHandle
  private static let header = Data("entry,run,trial,reader,index,intended_ns,arrived_ns,intact\n".utf8)

  /// The file is this run's while it is open: of two runs with one folder the second is refused, and so is one whose
  /// folder holds arrivals already. A header alone is what a run leaves that could not begin.
  /// - Throws: `ExperimentError`.
  public init(_ file: URL) throws(ExperimentError) {
    let descriptor = open(file.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw ExperimentError("'\(file.relativePath)' cannot be written: \(String(cString: strerror(errno)))")
    }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      throw ExperimentError(
        "another run is writing '\(file.relativePath)': choose another folder with --out")
    }
    let held = (try? Data(contentsOf: file, options: .mappedIfSafe)) ?? Data()
    guard held.isEmpty || held == Self.header else {
      throw ExperimentError("'\(file.relativePath)' is there already: choose another folder with --out")
    }
    do {
      try handle.truncate(atOffset: 0)
      try handle.write(contentsOf: Self.header)
    } catch {
      throw ExperimentError("'\(file.relativePath)' cannot be written: make room on the disk")
    }
  }

  /// Bytes that a token's row takes at most, names of entries apart.
  public static let rowBytes = 84

  func write(_ readings: [Reading], entry: String, _ place: TrialPlace) throws(ExperimentError) {
    let name = entry.inCSV
    var text = ""
    for (number, reading) in readings.enumerated() {
      for arrival in reading.arrivals {
        let offset = reading.offsets.indices.contains(arrival.index) ? reading.offsets[arrival.index] : .zero
        let intended = reading.started.advanced(by: offset).nanoseconds
        text +=
          "\(name),\(place.run),\(place.trial),\(number),\(arrival.index),\(intended),\(arrival.at.nanoseconds),"
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
