import ArgumentParser
import Foundation

/// The command.
@main
struct Pushlab: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pushlab",
    abstract:
      "Compares the ways a server can push text: short polling, long polling, event stream, WebSocket.",
    discussion: ProjectFolder.help,
    subcommands: [
      Run.self, List.self, ReportCommand.self, Compare.self, Doctor.self, Watch.self, Serve.self,
      KeepAwakeCommand.self,
    ]
  )

  /// Ends with 2 where the command was typed wrongly and with 1 where it could not do what it was told; either
  /// way with one line that says what to do.
  ///
  /// What need not wait for tasks runs on the first thread: with a thread of the pool blocked, an idle server would
  /// be woken every second by those who watch over the pool.
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      let command = try command(arguments)
      guard let command = command as? any AsyncParsableCommand else { return try execute(command) }
      // From here on the task alone touches it.
      nonisolated(unsafe) let waiting = command
      Task {
        do {
          try await execute(waiting)
        } catch {
          end(with: error, arguments)
        }
        Foundation.exit(0)
      }
      dispatchMain()
    } catch {
      end(with: error, arguments)
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

  private static func end(with error: any Error, _ arguments: [String]) -> Never {
    switch exitCode(for: error) {
    case .success:
      print(fullMessage(for: error))
      Foundation.exit(0)
    case .validationFailure:
      let command = arguments.first { names(of: configuration.subcommands).contains($0) }
      let help = ["pushlab", command, "--help"].compactMap(\.self).joined(separator: " ")
      say("\(message(for: error)) ('\(help)' shows how)")
      Foundation.exit(2)
    case let code:
      let text = message(for: error)
      if !text.isEmpty { say(text) }
      Foundation.exit(code.rawValue)
    }
  }

  private static func say(_ text: String) {
    FileHandle.standardError.write(Data("pushlab: \(text)\n".utf8))
  }
}
