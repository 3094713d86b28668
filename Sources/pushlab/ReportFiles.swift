import Experiments
import Foundation
import Machine
import PlainText
import Report
import Results

/// The reports that lie in a run's folder beside its result.
struct ReportFiles {
  private let written: [URL]
  private let result: URL

  /// Writes them. What cannot be written is told on standard error, and ends nothing: `pushlab report` makes it anew
  /// from the result.
  init(of result: RunResult, in folder: ResultFolder) {
    self.result = folder.url.appendingPathComponent("result.json")
    let library = PlotLibrary.find(projectFolder: try? ProjectFolder().path)
    let texts = [
      ("report.html", HTMLReport(result, library: library).text), ("report.md", MarkdownReport(result).text),
    ]
    written = texts.compactMap { name, text in
      let file = folder.url.appendingPathComponent(name)
      do {
        try Data(text.utf8).write(to: file, options: .atomic)
        return file
      } catch {
        StandardError.write(
          "pushlab: '\(file.relativePath.onOneLine)' cannot be written: make room on the disk, and see 'pushlab report "
            + "--help'\n")
        return nil
      }
    }
  }

  /// Where they are, a line each kind; nothing of what is not there.
  var places: String {
    // A full disk may have kept the result from being written, which its own failure tells.
    let isThere = FileManager.default.fileExists(atPath: result.path)
    let paths = written.map(\.relativePath.onOneLine).joined(separator: ", ")
    return (isThere ? "\nresult: \(result.relativePath.onOneLine)\n" : "")
      + (paths.isEmpty ? "" : "reports: \(paths)\n")
  }
}
