import Edge
import LabClient
import Machine
import MonotonicTime
import Results
import Wire

/// The proxies in front of one server.
struct Edges {
  private var running: [Proxy: EdgeProxy] = [:]
  private let server: ServerProcess

  private static let patience = Duration.seconds(15)

  /// Starts them, and waits until each has brought an answer of the server's.
  /// - Parameters:
  ///   - templates: the folder of their configurations.
  ///   - launcher: what starts a program where the server is.
  /// - Throws: `EdgeError`, in the proxy's own words where it has some. None is left then.
  init(
    _ proxies: Set<Proxy>, before server: ServerProcess, templates: String, launcher: [String],
    processors: [Int], _ reader: Reader
  ) async throws {
    self.server = server
    do {
      for proxy in proxies {
        let edge = try EdgeProxy(
          proxy, templates: templates, host: server.host, originPort: server.port, launcher: launcher)
        running[proxy] = edge
        try await Self.waitUntilServing(edge, at: ServerAddress(host: server.host, port: edge.port), reader)
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
    var address = ServerAddress(host: server.host, port: edge.port)
    if entry.variant.http != .clear {
      address.port = edge.securePort
      address.trust = .authority(file: edge.authority)
    }
    return address
  }

  /// What the proxy has used so far; nil where there is none.
  func processorTime(of proxy: Proxy?) -> Duration? {
    proxy.flatMap { running[$0] }.map { ProcessTree.processorTime(under: $0.processIdentifier) }
  }

  func stop() {
    for edge in running.values { edge.stop() }
  }
}
