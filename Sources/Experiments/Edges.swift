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
  /// Where they listen, which is where the server is.
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
    host = server.address.host
    do {
      for proxy in proxies {
        let edge = try EdgeProxy(
          proxy, templates: templates, host: host, originPort: server.address.port, launcher: launcher)
        running[proxy] = edge
        try await Self.waitUntilServing(edge, at: ServerAddress(host: host, port: edge.port), reader)
        if proxy.speaksTLS {
          try await Self.waitUntilServing(edge, at: Self.secureAddress(of: edge, host), reader)
        }
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
    return entry.variant.http == .clear
      ? ServerAddress(host: host, port: edge.port) : Self.secureAddress(of: edge, host)
  }

  private static func secureAddress(of edge: EdgeProxy, _ host: String) -> ServerAddress {
    ServerAddress(host: host, port: edge.securePort, trust: .authority(file: edge.authority))
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
