import ArgumentParser
import Experiments

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Shows the experiments and the question of each.")

  func run() throws {
    let folder = try ProjectFolder().file("experiments")
    let library = ExperimentLibrary(folder: folder)
    guard !library.names.isEmpty else { throw ExperimentError("'\(folder)' holds no experiments") }
    let width = library.names.map(\.count).max() ?? 0
    for name in library.names {
      let question = try library.experiment(name).question
      print(name + String(repeating: " ", count: width - name.count + 2) + question)
    }
  }
}
