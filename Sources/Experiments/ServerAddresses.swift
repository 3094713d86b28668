import LinkedNetworks
import Machine
import Wire

extension ServerProcess {
  /// Where readers find it.
  public var address: ServerAddress { ServerAddress(host: host, port: port) }
}

extension ServerProcess {
  /// A server in the network of its own that a link leads to. Nobody but the readers at the link's other end reaches it.
  /// - Throws: `ProcessFailure` with what the server said.
  convenience init(behind link: Link, executable: String, arguments: [String]) throws {
    try self.init(
      executable: executable, host: Link.serverHost, launcher: link.serverNetwork.launcher,
      arguments: ["--behind-link"] + arguments)
  }
}
