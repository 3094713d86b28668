import Edge
import Foundation
import LabClient
import Machine
import Readings
import Testing
import Wire

/// Readers that speak TLS and HTTP/2, with a real proxy before the real server.
@Suite struct EdgeTests {
  private static let templates = Command.project.appendingPathComponent("experiments/proxies").path

  private func withEdge(
    _ proxy: Proxy = .nginxTuned, templates: String = Self.templates,
    _ body: (LabFixture, EdgeProxy) async throws -> Void
  ) async throws {
    try await withServer { lab in
      let edge = try EdgeProxy(proxy, templates: templates, host: "127.0.0.1", originPort: lab.port)
      defer { edge.stop() }
      var proxied = lab
      proxied.edge = ServerAddress(
        host: "127.0.0.1", port: edge.securePort, trust: .authority(file: edge.authority))
      while (try? await lab.reader.get("/healthz", from: proxied.address)) == nil {
        try #require(edge.failure == nil)
        sched_yield()
      }
      try await body(proxied, edge)
    }
  }

  @Test func `the contract holds over TLS and HTTP/2`() async throws {
    try await withEdge { lab, _ in try await Contract.holds(lab) }
  }

  @Test(.enabled(if: ThisMachine.makesLinks))
  func `the contract holds on a train`() async throws {
    try await withServer(["--network", "train"]) { try await Contract.holds($0) }
  }

  @Test(arguments: Transport.allCases.filter { $0 != .webSocket })
  func `readers share a connection`(_ transport: Transport) async throws {
    try await withEdge { lab, _ in
      let shared = lab.reader.connectionForSeveral()
      let plan = {
        var plan = lab.plan(transport, .fast())
        plan.connection = shared
        plan.isWarm = true
        return plan
      }()
      let readings = await withTaskGroup(of: Reading.self) { group in
        for _ in 0..<20 { group.addTask { await lab.reader.read(plan) } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      for reading in readings {
        #expect(reading.failure == nil)
        #expect(reading.arrivals.map(\.index) == Array(0..<200))
      }
      // The last to leave has what all of them took: their heads are of frames, and everything else is more.
      let down = readings.map(\.down).reduce(into: ByteSplit()) {
        $0 = ByteSplit(
          total: $0.total + $1.total, payload: $0.payload + $1.payload, heads: $0.heads + $1.heads)
      }
      #expect(down.heads > 0 && down.framing > 0)
      #expect(readings.count { $0.down.total > 0 } == 1)
    }
  }

  private func failure(_ lab: LabFixture, _ change: (inout ReadingPlan) -> Void) async -> String {
    var plan = lab.plan(.serverSentEvents, .fast(tokens: 3))
    change(&plan)
    return await lab.reader.read(plan).failure ?? "none"
  }

  @Test(arguments: [HTTPForm.encrypted, .two])
  func `a server that is another is told`(_ http: HTTPForm) async throws {
    try await withEdge { lab, edge in
      let unknown = await failure(lab) {
        $0.server.trust = .system
        $0.variant.http = http
      }
      #expect(unknown == "TLS failed: certificate verify failed")
      let clear = await failure(lab) {
        $0.server.port = edge.port
        $0.variant.http = http
      }
      #expect(clear.hasPrefix("TLS failed: "), "\(clear)")
    }
  }

  /// A folder with a configuration in which words are others.
  private func changed(_ words: String, to others: String) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = try String(contentsOfFile: Self.templates + "/nginx-tuned.conf", encoding: .utf8)
    try #require(text.contains(words))
    try text.replacing(words, with: others).write(
      to: folder.appendingPathComponent("nginx-tuned.conf"), atomically: true, encoding: .utf8)
    return folder
  }

  @Test(arguments: [HTTPForm.encrypted, .two])
  func `a certificate of another host is told`(_ http: HTTPForm) async throws {
    let port = try LoopbackInterface.freePort()
    let folder = try changed(
      "listen {secure}", to: "listen {secure} ssl http2;\n    listen 127.0.0.2:\(port)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await withEdge(templates: folder.path) { lab, _ in
      let other = await failure(lab) {
        $0.server.host = "127.0.0.2"
        $0.server.port = port
        $0.variant.http = http
      }
      #expect(other == "TLS failed: its certificate is for another host")
    }
  }

  @Test func `a server without HTTP/2 is told`() async throws {
    let folder = try changed(" http2;", to: ";")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await withEdge(templates: folder.path) { lab, _ in
      #expect(await failure(lab) { _ in } == "TLS failed: the server does not speak HTTP/2")
      #expect(await failure(lab) { $0.variant.http = .encrypted } == "none")
    }
  }

  @Test func `an authority signs once, and nobody else reads the key of what it signed`() async throws {
    try await withEdge { _, edge in
      let folder = URL(fileURLWithPath: edge.authority).deletingLastPathComponent().path
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.filter { $0.hasSuffix(".key") } == ["edge.pem.key"])
      for (name, mode) in [("", 0o700), ("/edge.pem.key", 0o600)] {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder + name)
        #expect(attributes[.posixPermissions] as? Int == mode)
      }
    }
  }
}
