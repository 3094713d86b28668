import Foundation
import Results

/// The folder `experiments/`: one folder an experiment, `NN-name/experiment.yml`.
public struct ExperimentLibrary: Sendable {
  private let folder: URL?
  private let absence: String

  /// - Parameters:
  ///   - folder: nil where the project's folder was not found; files can still be named.
  ///   - absence: why there is none, or what to do without it.
  public init(folder: String?, absence: String = "give the path of an experiment file") {
    self.absence = absence
    self.folder = folder.map { URL(fileURLWithPath: $0, isDirectory: true) }
  }

  /// In the order of their numbers.
  public var names: [String] {
    guard let folder else { return [] }
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return entries.filter { FileManager.default.fileExists(atPath: file(of: $0, in: folder).path) }.sorted()
  }

  /// Finds an experiment by its folder's name, by that name without its number, or by its file's path, or
  /// that file's folder's.
  /// - Parameter hasEdge: `--via` or a `--server` of https says what speaks TLS, so that the file need not.
  /// - Throws: `UnknownExperiment` where none of those there are has this name, `ExperimentError` for what is wrong with
  ///   a file.
  public func experiment(_ nameOrFile: String, hasEdge: Bool = false) throws -> Experiment {
    if let folder, let name = names.first(where: { $0 == nameOrFile || $0.dropFirst(3) == nameOrFile }) {
      return try read(file(of: name, in: folder), name: name, hasEdge: hasEdge)
    }
    var file = URL(fileURLWithPath: nameOrFile)
    if file.hasDirectoryPath { file.appendPathComponent("experiment.yml") }
    if !nameOrFile.isEmpty, FileManager.default.fileExists(atPath: file.path) {
      let folderName = file.deletingLastPathComponent().lastPathComponent
      let baseName = file.deletingPathExtension().lastPathComponent
      return try read(
        file, name: baseName == "experiment" ? folderName : baseName, hasEdge: hasEdge)
    }
    if nameOrFile.contains("/") || nameOrFile.hasSuffix(".yml") {
      throw ExperimentError("\(nameOrFile): no such experiment file")
    }
    guard !names.isEmpty else { throw ExperimentError("there is no experiment '\(nameOrFile)': \(absence)") }
    throw UnknownExperiment(nameOrFile, names: names)
  }

  private func file(of name: String, in folder: URL) -> URL {
    folder.appendingPathComponent(name).appendingPathComponent("experiment.yml")
  }

  private func read(_ file: URL, name: String, hasEdge: Bool) throws -> Experiment {
    guard let data = try? Data(contentsOf: file) else {
      throw ExperimentError("\(file.relativePath): the file cannot be read")
    }
    let text = try YAMLText.decoded(data, file: file.relativePath)
    return try Experiment(name: name, yaml: text, file: file.relativePath, hasEdge: hasEdge)
  }
}
