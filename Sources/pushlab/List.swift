import ArgumentParser
import Experiments
import Machine
import PlainText
import Results

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Lists the experiments, each with its question.")

  func run() throws {
    let folder = try ProjectFolder().file("experiments")
    let library = ExperimentLibrary(folder: folder)
    guard !library.names.isEmpty else { throw ExperimentError("'\(folder)' holds no experiments") }
    let names = library.names.map(\.onOneLine)
    let width = names.map(\.cells).max() ?? 0
    for (name, shown) in zip(library.names, names) {
      let question = try library.experiment(name).question.onOneLine
      try StandardOutput.write(shown.padded(toCells: width + 2) + question + "\n")
    }
  }
}
