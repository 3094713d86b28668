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

  /// Nil where it is nobody's here to look at.
  var process: Int32? {
    guard case .own(let server) = self else { return nil }
    return server.processIdentifier
  }

  var usage: ProcessUsage? { process.flatMap { ProcessUsage(of: $0) } }

  /// Refuses what does not speak the lab's interface, before anything is measured.
  /// - Throws: `ExperimentError`.
  func require(_ transports: [Transport], _ reader: Reader) async throws(ExperimentError) {
    guard case .elsewhere(let address) = self else { return }
    let place = "\(address.scheme)://\(address.hostField)"
    let text: String
    do {
      text = try await reader.get("/transports", from: address)
    } catch {
      throw ExperimentError("\(place): \(error)")
    }
    guard let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
      throw ExperimentError(
        "\(place) does not speak pushlab's interface: its /transports is no list of names")
    }
    if let missing = transports.first(where: { !names.contains($0.name) }) {
      throw ExperimentError("\(place) does not speak \(missing.name)")
    }
    // It may want a token.
    _ = try await clockOffset(reader)
  }

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

extension Experiment {
  /// Refuses what only a server of the run's own can be made to do.
  /// - Throws: `ExperimentError` that says what to leave out.
  public func requireNothingOfServer() throws(ExperimentError) {
    let wishes: [(String, (Condition) -> Bool)] = [
      ("network", { $0.network != nil }), ("via", { $0.proxy != nil }),
      ("trace", { $0.trace != nil }), ("hints", { $0.hints != nil }),
      ("batch, heartbeat or nagle", { !$0.sending.options.isEmpty }),
      ("fault", { $0.disturbance != nil }), ("stalled", { $0.stalled > 0 }),
    ]
    var wished = wishes.filter { conditions.contains(where: $0.1) }.map(\.0)
    if memoryConnections != nil { wished.append("memory") }
    if !serverLimits.isEmpty { wished.append("serve") }
    guard wished.isEmpty else {
      throw ExperimentError(
        "--server measures a server as it is, and \(name) sets \(wished.joined(separator: ", ")), which takes one of the "
          + "run's own: take another experiment, or a copy of its file without that")
    }
  }

  /// With this, everything reads over TLS that does not say otherwise.
  public var encrypted: Experiment {
    var encrypted = self
    for index in variants.indices where variants[index].http == .clear {
      encrypted.variants[index].http = .encrypted
    }
    return encrypted
  }
}
