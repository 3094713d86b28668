import ArgumentParser

/// The command.
@main
struct Pushlab: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pushlab",
    abstract:
      "Compares the ways a server can push text: short polling, long polling, event stream, WebSocket.",
    subcommands: [Run.self, List.self, Watch.self, Serve.self]
  )
}
