import Foundation
import LabClient
import Machine
import Readings

/// What a run measures with: servers that nobody has used before, one for each source of answers, and readers.
struct RunningLab {
  /// By what its server was started with to have that source.
  private var meters: [[String]: TurnMeter] = [:]
  private let reader = Reader()
  private let lag: EventLoopLag

  /// - Throws: `ExperimentError` with what kept the server from starting.
  init(
    for experiment: Experiment, executable: String, _ processors: Processors, _ browserCode: BrowserCode
  ) async throws {
    lag = reader.watchLag()
    do {
      for source in Set(experiment.conditions.map(\.sourceArguments)) {
        let server = try ServerProcess(executable: executable, arguments: experiment.serverArguments + source)
        Processors.pin(server.processIdentifier, to: processors.server)
        meters[source] = await TurnMeter(
          server: server, reader: reader, lag: lag, processors: processors, browserCode: browserCode)
      }
    } catch {
      await end()
      throw error
    }
  }

  /// Measures turns against the server that has the condition's answers.
  func meter(for condition: Experiment.Condition) -> TurnMeter {
    guard let meter = meters[condition.sourceArguments] else {
      preconditionFailure("a condition that the experiment does not have")
    }
    return meter
  }

  /// What serves, as it says itself.
  var engine: String {
    get async {
      guard let server = meters.values.first?.server else { return "unknown" }
      let text = (try? await reader.get("/metrics", from: server.address)) ?? ""
      return text.firstMatch(of: /engine="([^"]*)"/).map { String($0.1) } ?? "unknown"
    }
  }

  func end() async {
    lag.stop()
    await reader.shutDown()
    for meter in meters.values { meter.server.stop() }
  }
}
