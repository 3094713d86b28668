import ArgumentParser
import Foundation
import Machine

/// Run by `pushlab run` for itself: see `Wakefulness`.
struct KeepAwakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "keep-awake", shouldDisplay: false)

  @Option var processor: Int

  func run() {
    // Ctrl-C is for the run, which ends this process when it ends itself.
    signal(SIGINT, SIG_IGN)
    KeepAwake.run(on: processor)
  }
}
