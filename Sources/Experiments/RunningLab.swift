import Foundation
import LabClient
import LinkedNetworks
import Links
import Machine
import Readings
import Wire

/// What a run measures with: servers that nobody has used before, one for each source of answers, and readers.
struct RunningLab {
  /// By what its server was started with to have that source.
  private var meters: [[String]: TurnMeter] = [:]
  private var servers: [MeasuredServer] = []
  private let reader = Reader()
  private let lag: EventLoopLag
  /// What is between servers and readers; nil where they meet on the loopback interface.
  private let link: Link?

  /// - Throws: `ExperimentError` with what kept the server from starting, or what keeps the link from being as asked for.
  init(
    for experiment: Experiment, run: Int, at elsewhere: ServerAddress?, executable: String,
    proxiesFolder: String, _ processors: Processors, _ browserCode: BrowserCode
  ) async throws {
    let link = try await Self.link(for: experiment, run: run, executable)
    self.link = link
    lag = reader.watchLag()
    do {
      if let network = link?.readersNetwork { try await reader.onEachThread { try network.enter() } }
      for source in Set(experiment.conditions.map(\.sourceArguments)) {
        let server =
          try elsewhere.map(MeasuredServer.elsewhere)
          ?? .own(
            Self.server(
              behind: link, executable, arguments: experiment.serverArguments + source, processors.server))
        servers.append(server)
        let proxies = experiment.conditions.filter { $0.sourceArguments == source }.compactMap(\.proxy)
        let edges = try await Edges(
          Set(proxies), before: server, templates: proxiesFolder,
          launcher: link?.serverNetwork.launcher ?? [], processors: processors.server, reader)
        meters[source] = await TurnMeter(
          server: server, edges: edges, reader: reader, lag: lag, link: link, processors: processors,
          browserCode: browserCode)
      }
    } catch {
      await end()
      throw error
    }
  }

  private static func server(
    behind link: Link?, _ executable: String, arguments: [String], _ processors: [Int]
  ) throws -> ServerProcess {
    let server =
      try link.map { try ServerProcess(behind: $0, executable: executable, arguments: arguments) }
      ?? ServerProcess(executable: executable, arguments: arguments)
    Processors.pin(server.processIdentifier, to: processors)
    return server
  }

  /// One that has been measured: what it is asked to be, it is.
  private static func link(for experiment: Experiment, run: Int, _ executable: String) async throws -> Link? {
    guard !experiment.links.isEmpty else { return nil }
    let link = try Link(.perfect, executable: executable, seed: experiment.seed &+ UInt64(run) << 32)
    do {
      try await LinkCheck.checkInBackground(experiment.links, over: link)
    } catch {
      link.stop()
      throw error
    }
    return link
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
    for meter in meters.values { meter.edges.stop() }
    for server in servers { server.stop() }
    link?.stop()
  }
}
