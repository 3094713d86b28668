import ArgumentParser
import CommandEnding
import Foundation
import Machine

/// The command.
@main
struct Pushlab: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pushlab",
    abstract:
      "Compares the ways a server can push text: short polling, long polling, event stream, streamed fetch, WebSocket.",
    discussion: ProjectFolder.help,
    subcommands: [
      Run.self, List.self, ReportCommand.self, Compare.self, Doctor.self, Watch.self, Serve.self, Record.self,
      BenchOpenAI.self, TapCommand.self,
      KeepAwakeCommand.self, PacketWireCommand.self,
    ]
  )

  /// What need not wait for tasks runs on the first thread: with a thread of the pool blocked, an idle server would
  /// be woken every second by those who watch over the pool.
  static func main() {
    StandardStreams.prepare()
    let arguments = Array(CommandLine.arguments.dropFirst())
    let subcommand = arguments.first { names(of: configuration.subcommands).contains($0) }
    do {
      let command = try command(arguments)
      guard let command = command as? any AsyncParsableCommand else { return try execute(command) }
      // From here on the task alone touches it.
      nonisolated(unsafe) let waiting = command
      Task {
        do {
          try await execute(waiting)
        } catch {
          end(with: error, of: subcommand)
        }
        Foundation.exit(0)
      }
      dispatchMain()
    } catch {
      end(with: error, of: subcommand)
    }
  }

  private static func command(_ arguments: [String]) throws -> any ParsableCommand {
    if let name = arguments.first, !name.hasPrefix("-"), !names(of: configuration.subcommands).contains(name)
    {
      let shown = configuration.subcommands.filter { $0.configuration.shouldDisplay }
      let commands = names(of: shown).joined(separator: ", ")
      throw ValidationError("there is no command '\(name)'; the commands are \(commands)")
    }
    return try parseAsRoot(arguments)
  }

  private static func execute(_ command: any ParsableCommand) throws {
    var command = command
    try command.run()
  }

  private static func execute(_ command: any AsyncParsableCommand) async throws {
    var command = command
    try await command.run()
  }

  private static func names(of commands: [any ParsableCommand.Type]) -> [String] {
    commands.map { $0.configuration.commandName ?? "\($0)".lowercased() } + ["help"]
  }
}
