import Foundation
import PlainText

/// A file that a command writes at its end, where an option names one.
struct WrittenFile {
  let path: String

  /// Finds out before the work whether it could be written after it.
  /// - Throws: `UnwritableFile`.
  func check() throws(UnwritableFile) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let files = FileManager.default
    var isFolder: ObjCBool = false
    let isThere = files.fileExists(atPath: path, isDirectory: &isFolder)
    guard !path.isEmpty, !isFolder.boolValue, files.isWritableFile(atPath: isThere ? path : folder) else {
      throw UnwritableFile(path)
    }
  }

  /// - Throws: `UnwritableFile`.
  func write(_ text: String) throws(UnwritableFile) {
    do {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    } catch {
      throw UnwritableFile(path)
    }
  }
}

struct UnwritableFile: Error, CustomStringConvertible {
  let description: String

  init(_ path: String) {
    description = "'\(path.onOneLine)' cannot be written: name another file with --output"
  }
}
