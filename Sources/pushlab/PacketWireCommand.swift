import ArgumentParser
import CommandEnding
import Foundation
import LinkedNetworks

/// Run by `pushlab` for itself: see `PacketWire`.
struct PacketWireCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "packet-wire", shouldDisplay: false)

  @Option var seed: UInt64

  func run() throws {
    // Ctrl-C is for who started it, and who ends it.
    signal(SIGINT, SIG_IGN)
    try PacketWire.run(seed: seed)
  }
}
