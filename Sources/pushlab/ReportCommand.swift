import ArgumentParser
import Foundation
import Machine
import Report
import Results

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Shows a saved result in one of several formats.")

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case terminal, markdown, csv, json, html
  }

  @Argument(help: "A run's folder, or its result.json.")
  var result: String

  @Option(help: "The output format: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format = Format.terminal

  func run() throws {
    let result = try ResultArgument.read(self.result)
    let text =
      switch format {
      case .terminal: TerminalReport(result, hasColour: Terminal.hasColour, width: Terminal.width).text
      case .markdown: MarkdownReport(result).text
      case .csv: CSVReport(result).text
      case .json: try JSONReport(result).text
      case .html: HTMLReport(result, library: plotLibrary).text
      }
    try StandardOutput.write(text)
  }

  private var plotLibrary: PlotLibrary? {
    let library = PlotLibrary.find(projectFolder: try? ProjectFolder().path)
    if library == nil { StandardError.write("pushlab: \(PlotLibrary.advice)\n") }
    return library
  }
}

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what changed from one run of an experiment to another.")

  @Argument(help: "The earlier run's folder, or its result.json.")
  var before: String

  @Argument(help: "The later run's folder, or its result.json.")
  var after: String

  func run() throws {
    let comparison = try Comparison(
      ResultArgument.read(before), ResultArgument.read(after), width: Terminal.width)
    try StandardOutput.write(comparison.text)
  }
}

private enum ResultArgument {
  static func read(_ path: String) throws -> RunResult {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return try RunResult.read(URL(fileURLWithPath: isFolder.boolValue ? path + "/result.json" : path))
  }
}
