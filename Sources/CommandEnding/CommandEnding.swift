import ArgumentParser
import Glibc
import Machine
import PlainText

/// How each of the project's commands ends: with 0; with 2 where it was typed wrongly; with 1 where it could not do
/// what it was told, its output included. Whatever is wrong is said in one line. A pipe that nobody reads any more
/// ends it without a word.
extension ParsableCommand {
  /// All of a command that has no others below it.
  public static func runToEnd() -> Never {
    StandardStreams.prepare()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      end(with: error)
    }
    Glibc.exit(0)
  }

  /// - Parameter subcommand: the one that was typed.
  public static func end(with error: any Error, of subcommand: String? = nil) -> Never {
    let name = configuration.commandName ?? _commandName
    if let error = error as? OutputError, error.isClosedPipe { OutputError.endByClosedPipe() }
    switch exitCode(for: error) {
    case .success:
      do {
        try StandardOutput.write(fullMessage(for: error) + "\n")
      } catch {
        end(with: error)
      }
      Glibc.exit(0)
    case .validationFailure:
      let help = [name, subcommand, "--help"].compactMap(\.self).joined(separator: " ")
      say("\(message(for: error)) ('\(help)' shows how)", by: name)
      Glibc.exit(2)
    case let code:
      let text = message(for: error)
      if !text.isEmpty { say(text, by: name) }
      Glibc.exit(code.rawValue)
    }
  }

  private static func say(_ text: String, by name: String) {
    StandardError.write("\(name): \(text.onOneLine)\n")
  }
}
