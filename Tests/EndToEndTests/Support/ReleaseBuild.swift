import Foundation

/// The executable that tests start: one and the same for all of them, whatever they themselves are built with.
enum ReleaseBuild {
  /// Its path, looked for once.
  static let pushlab = Result { try find() }

  private static func find() throws -> String {
    let project = Command.project
    if let named = ProcessInfo.processInfo.environment["PUSHLAB"] { return project.path + "/" + named }
    let executable = project.appendingPathComponent(".build/release/pushlab")
    // Written by `make build`: from when the sources are that it built.
    let stamp = project.appendingPathComponent(".build/release/pushlab.built")
    guard FileManager.default.isExecutableFile(atPath: executable.path), let built = changed(stamp),
      sources(of: project).allSatisfy({ changed($0).map { $0 <= built } ?? true })
    else { throw Missing(executable: executable.path) }
    return executable.path
  }

  private static func sources(of project: URL) -> [URL] {
    let folder = FileManager.default.enumerator(
      at: project.appendingPathComponent("Sources"), includingPropertiesForKeys: nil)
    let files = folder?.compactMap { $0 as? URL }.filter { !$0.hasDirectoryPath } ?? []
    return files + [project.appendingPathComponent("Package.swift")]
  }

  private static func changed(_ file: URL) -> Date? {
    try? file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
  }

  struct Missing: Error, CustomStringConvertible {
    var executable: String
    var description: String { "\(executable) is missing or older than the sources: make build" }
  }
}
