import ArgumentParser
import Experiments
import PlainText
import Processes

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Shows the experiments and the question of each.")

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
