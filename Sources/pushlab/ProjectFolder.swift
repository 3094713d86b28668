import Foundation

/// Finds the folders that come with the project: from where the command was started, else from where it lies.
enum ProjectFolder {
  static func find(_ name: String) -> String? {
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    for start in [here, executable.deletingLastPathComponent()] {
      var folder = start.standardizedFileURL
      while true {
        let isProject = FileManager.default.fileExists(
          atPath: folder.appendingPathComponent("Package.swift").path)
        let candidate = folder.appendingPathComponent(name).path
        if isProject, FileManager.default.fileExists(atPath: candidate) { return candidate }
        guard folder.path != "/" else { break }
        folder.deleteLastPathComponent()
      }
    }
    return nil
  }
}
