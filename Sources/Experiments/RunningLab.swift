import Foundation
import LabClient
import Machine
import Readings

/// What a run measures with: a server that nobody has used before, and readers.
struct RunningLab {
  let meter: TurnMeter
  private let server: ServerProcess
  private let reader: Reader

  /// - Throws: `ExperimentError` with what kept the server from starting.
  init(
    executable: String, arguments: [String], _ processors: Processors, _ browserCode: BrowserCode
  ) async throws {
    server = try ServerProcess(executable: executable, arguments: arguments)
    Processors.pin(server.processIdentifier, to: processors.server)
    reader = Reader()
    meter = await TurnMeter(server: server, reader: reader, processors: processors, browserCode: browserCode)
  }

  /// What serves, as it says itself.
  var engine: String {
    get async {
      let text = (try? await reader.get("/metrics", from: server.address)) ?? ""
      return text.firstMatch(of: /engine="([^"]*)"/).map { String($0.1) } ?? "unknown"
    }
  }

  func end() async {
    meter.lag.stop()
    await reader.shutDown()
    server.stop()
  }
}
