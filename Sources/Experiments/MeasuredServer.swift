import Foundation
import LabClient
import Machine
import Results
import Wire

/// The server that is measured: one of the run's own, or one that somebody runs elsewhere, of which only its interface is
/// known.
enum MeasuredServer {
  case own(ServerProcess)
  case elsewhere(ServerAddress)

  var address: ServerAddress {
    switch self {
    case .own(let server): server.address
    case .elsewhere(let address): address
    }
  }

  /// Where proxies in front of it listen.
  var edgeHost: String {
    switch self {
    case .own(let server): server.address.host
    case .elsewhere: "127.0.0.1"
    }
  }

  /// Nil where it is nobody's here to look at.
  var process: Int32? {
    guard case .own(let server) = self else { return nil }
    return server.processIdentifier
  }

  var usage: ProcessUsage? { process.flatMap { ProcessUsage(of: $0) } }

  /// How its clock differs from this machine's; nil where they are one.
  /// - Throws: `ExperimentError`.
  func clockOffset(_ reader: Reader) async throws(ExperimentError) -> ClockOffset? {
    guard case .elsewhere(let address) = self else { return nil }
    do {
      return try await reader.clockOffset(of: address)
    } catch {
      throw ExperimentError("the server does not tell the time: \(error)")
    }
  }

  /// Kills it and starts it anew.
  func restart(on processors: [Int]) throws {
    guard case .own(let server) = self else { return }
    try server.restart()
    Processors.pin(server.processIdentifier, to: processors)
  }

  func stop() {
    if case .own(let server) = self { server.stop() }
  }
}
