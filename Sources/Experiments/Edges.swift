import Edge
import LabClient
import Machine
import MonotonicTime
import Results
import Wire

/// The proxies in front of one server.
struct Edges {
  private var running: [Proxy: EdgeProxy] = [:]
  private let server: MeasuredServer
  /// Where they listen: beside a server of the run's own, or beside its readers where the server is elsewhere.
  private let host: String

  private static let patience = Duration.seconds(15)

  /// Starts them, and waits until each has brought an answer of the server's.
  /// - Parameters:
  ///   - templates: the folder of their configurations.
  ///   - launcher: what starts a program where the server is.
  /// - Throws: `EdgeError`, in the proxy's own words where it has some. None is left then.
  init(
    _ proxies: Set<Proxy>, before server: MeasuredServer, templates: String, launcher: [String],
    processors: [Int], _ reader: Reader
  ) async throws {
    self.server = server
    host = server.edgeHost
    do {
      let origin = proxies.isEmpty ? nil : try await reader.internetAddress(of: server.address)
      for proxy in proxies {
        let edge = try EdgeProxy(
          proxy, templates: templates, host: host, originHost: origin, originPort: server.address.port,
          launcher: launcher)
        running[proxy] = edge
        try await Self.waitUntilServing(edge, at: address(of: edge), reader)
        if proxy.speaksTLS { try await Self.waitUntilServing(edge, at: secureAddress(of: edge), reader) }
        for process in ProcessTree.members(under: edge.processIdentifier) {
          Processors.pin(process, to: processors)
        }
      }
    } catch {
      stop()
      throw error
    }
  }

  private static func waitUntilServing(
    _ edge: EdgeProxy, at address: ServerAddress, _ reader: Reader
  ) async throws {
    let end = Instant.now.advanced(by: patience)
    while true {
      do {
        _ = try await reader.get("/healthz", from: address)
        return
      } catch {
        if let failure = edge.failure { throw failure }
        guard Instant.now < end else { throw EdgeError.notServing(edge.proxy, "\(error)") }
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  /// Where an entry's readers go: to its proxy, or to the server itself.
  func address(for entry: Experiment.Entry) -> ServerAddress {
    guard let edge = entry.condition.proxy.flatMap({ running[$0] }) else { return server.address }
    return entry.variant.http == .clear ? address(of: edge) : secureAddress(of: edge)
  }

  private func address(of edge: EdgeProxy) -> ServerAddress {
    ServerAddress(host: host, port: edge.port, token: server.address.token)
  }

  private func secureAddress(of edge: EdgeProxy) -> ServerAddress {
    ServerAddress(
      host: host, port: edge.securePort, token: server.address.token,
      trust: .authority(file: edge.authority))
  }

  /// What a proxy has used so far; nil where there is none.
  func usage(of proxy: Proxy?) -> EdgeUsage? {
    proxy.flatMap { running[$0] }.map { EdgeUsage(under: $0.processIdentifier) }
  }

  /// Why a proxy serves no more; nil as long as it runs.
  func failure(of proxy: Proxy?) -> EdgeError? { proxy.flatMap { running[$0] }?.failure }

  /// What each has used so far.
  var usages: [Proxy: EdgeUsage] { running.mapValues { EdgeUsage(under: $0.processIdentifier) } }

  func stop() {
    for edge in running.values { edge.stop() }
  }
}
