import ArgumentParser
import Foundation
import LWS
import LabServer
import LinkedNetworks
import Links
import Machine
import Synchronization

/// The link behind whose door `serve --network` stands.
final class ServedNetwork: NetworkChoice, Sendable {
  /// Where the server listens in its own network.
  static let serverPort = 80

  let door: LinkDoor
  private let link: Link
  private let profile: Mutex<LinkProfile>

  /// The right to make networks has been taken.
  /// - Throws: `NetworkError`, or `NotServing` where nobody can listen at that address.
  init(_ profile: LinkProfile, host: String, port: Int) throws {
    link = try Link(profile.properties, executable: "/proc/self/exe", seed: 1)
    do throws(NetworkError) {
      try LinkCheck.check([profile.properties], over: link)
      door = try LinkDoor(at: host, port: port, to: link, serverPort: Self.serverPort)
    } catch {
      link.stop()
      throw error == .door(EADDRINUSE) ? NotServing(.portTaken(host: host, port: port)) : error
    }
    self.profile = Mutex(profile)
  }

  var names: [String] { LinkProfile.allCases.map(\.rawValue) }

  var chosen: String { profile.withLock(\.rawValue) }

  func choose(_ name: String) throws {
    guard let profile = LinkProfile(rawValue: name) else { return }
    try link.become(profile.properties)
    self.profile.withLock { $0 = profile }
  }

  /// Puts the calling thread, and those that it starts from then on, into the server's network.
  func enter() throws { try link.serverNetwork.enter() }

  func stop() {
    door.stop()
    link.stop()
  }
}

extension LinkProfile: ExpressibleByArgument {}
