import Foundation

/// A folder of `results/` that is one run's alone.
public enum OwnFolder {
  /// `results/NAME-TIME`.
  public static func path(of name: String, at time: Date = Date()) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    return "results/\(name)-\(formatter.string(from: time))"
  }

  /// Makes a folder of this name, or of the next one that nobody has: `NAME-2`, `NAME-3`. Of two runs that want one
  /// name at a time mkdir gives it to one.
  /// - Throws: `ExperimentError`.
  public static func make(_ path: String) throws(ExperimentError) -> URL {
    let above = URL(fileURLWithPath: path, isDirectory: true).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: above, withIntermediateDirectories: true)
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

  public static func unwritable(_ path: String) -> ExperimentError {
    ExperimentError("the folder '\(path)' cannot be written: choose another with --out")
  }
}
