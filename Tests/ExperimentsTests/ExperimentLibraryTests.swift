import Experiments
import Foundation
import Testing

@testable import Results

@Suite final class ExperimentLibraryTests {
  private let folder: URL
  private let yaml = """
    title: T
    question: Q
    prediction: P
    stream: {prompt: Why?}
    transports: [{transport: websocket}]
    metrics: [delay_p50_ms]
    """

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("library-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in ["02-proxy", "01-typewriter", "10-crowd"] { _ = try write(yaml, "\(name)/experiment.yml") }
    // Neither is an experiment.
    _ = try write("", "README.md")
    _ = try write("", "03-notes/notes.txt")
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  private func write(_ text: String, _ path: String) throws -> String {
    let file = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  private var library: ExperimentLibrary { ExperimentLibrary(folder: folder.path) }

  private func mistake(_ name: String, in library: ExperimentLibrary) -> String? {
    let error = #expect(throws: ExperimentError.self) { try library.experiment(name) }
    return error?.description
  }

  private func unknown(_ name: String) -> String? {
    let error = #expect(throws: UnknownExperiment.self) { try library.experiment(name) }
    return error?.description
  }

  @Test func `the names are the folders with an experiment, in order`() {
    #expect(library.names == ["01-typewriter", "02-proxy", "10-crowd"])
  }

  @Test(arguments: ["02-proxy", "proxy"])
  func `an experiment is found by its name, with or without the number`(_ name: String) throws {
    let experiment = try library.experiment(name)
    #expect(experiment.name == "02-proxy")
    #expect(experiment.title == "T")
  }

  @Test func `an experiment is found by its file`() throws {
    let inFolder = folder.appendingPathComponent("10-crowd/experiment.yml").path
    #expect(try library.experiment(inFolder).name == "10-crowd")
    for end in ["", "/"] {
      #expect(try library.experiment(folder.appendingPathComponent("10-crowd").path + end).name == "10-crowd")
    }
    let mine = try write(yaml, "mine.yml")
    #expect(try library.experiment(mine).name == "mine")
    #expect(try ExperimentLibrary(folder: nil).experiment(mine).name == "mine")
  }

  @Test(arguments: ["", "01", "03-notes", "typing", "02-nowhere"])
  func `an unknown name lists the names`(_ name: String) {
    #expect(
      unknown(name) == "there is no experiment '\(name)': choose one of 01-typewriter, 02-proxy, 10-crowd")
  }

  @Test(arguments: [
    ("01-typewritr", "01-typewriter"), ("typewritr", "01-typewriter"), ("02-typewriter", "01-typewriter"),
    ("2-proxy", "02-proxy"), ("crowds", "10-crowd"),
  ])
  func `a misspelt name is answered with the nearest`(_ name: String, _ nearest: String) {
    #expect(
      unknown(name)
        == "there is no experiment '\(name)' (did you mean \(nearest)?): "
        + "choose one of 01-typewriter, 02-proxy, 10-crowd")
  }

  @Test func `an unknown name is told in one line`() {
    #expect(unknown("a\nb")?.contains("\n") == false)
  }

  @Test func `without a folder only files can be named`() {
    let library = ExperimentLibrary(folder: nil)
    #expect(library.names == [])
    #expect(
      mistake("typewriter", in: library)
        == "there is no experiment 'typewriter': give the path of an experiment file")
    #expect(ExperimentLibrary(folder: "\(folder.path)/absent").names == [])
  }

  @Test func `a mistake in a file names the file`() throws {
    _ = try write("title: T\nquestoin: Q\n", "04-bad/experiment.yml")
    let message = try #require(mistake("bad", in: library))
    #expect(message.contains("04-bad/experiment.yml:2: 'questoin' is not a key of the file"))
  }

  @Test(arguments: [
    (Data([0x74, 0x3a, 0x20, 0xff, 0xfe]), 1), (Data("title: T\nquestion: caf".utf8) + [0xe9], 2),
    (Data([0xff, 0xfe]) + "t".data(using: .utf16LittleEndian)!, 1),
  ])
  func `a file that is not UTF-8 is refused by its name and line`(_ bytes: Data, _ line: Int) throws {
    let file = folder.appendingPathComponent("latin.yml")
    try bytes.write(to: file)
    #expect(
      mistake(file.path, in: library)?
        .hasSuffix("latin.yml:\(line): this is not UTF-8 text: save the file as UTF-8") == true)
  }

  @Test func `where there is no folder, why is said`() {
    let library = ExperimentLibrary(folder: nil, absence: "it lies elsewhere")
    #expect(mistake("typewriter", in: library) == "there is no experiment 'typewriter': it lies elsewhere")
  }
}
