import LabClient
import Readings
import Testing
import Wire

@testable import Experiments
@testable import Results

/// What can be changed about a transport, as a file says it.
@Suite struct VariantKeyTests {
  /// - Parameter entry: of `transports`, in the file's line 7.
  private func variant(_ entry: String) throws -> Variant {
    let yaml = ExampleFiles.least.replacing("- transport: websocket", with: "- {\(entry)}")
    return try Experiment(name: "01-x", yaml: yaml, file: "x.yml").variants[0]
  }

  private func mistake(_ entry: String) -> String? {
    #expect(throws: ExperimentError.self) { try variant(entry) }?.description
  }

  @Test(arguments: ["server-sent-events", "websocket"])
  func `a question may be asked at once`(_ transport: String) throws {
    #expect(try variant("transport: \(transport)").asking == .first)
    #expect(try variant("transport: \(transport), ask: first").asking == .first)
    #expect(try variant("transport: \(transport), ask: at-once").asking == .atOnce)
    #expect(
      mistake("transport: \(transport), ask: later")
        == "x.yml:7: 'ask' takes first or at-once, not 'later'")
  }

  @Test(arguments: ["short-polling", "long-polling"])
  func `polls ask first`(_ transport: String) throws {
    #expect(try variant("transport: \(transport), ask: first").asking == .first)
    #expect(
      mistake("transport: \(transport), ask: at-once")
        == "x.yml:7: 'ask: at-once' is for server-sent-events, http-streaming, websocket: polls ask first")
  }

  @Test(arguments: Transport.allCases)
  func `requests may be of a browser's size`(_ transport: Transport) throws {
    let name = transport.name
    #expect(try variant("transport: \(name)").heads == .lean)
    #expect(try variant("transport: \(name), heads: chromium").heads == .chromium)
    #expect(
      mistake("transport: \(name), heads: firefox")
        == "x.yml:7: 'heads' takes lean or chromium, not 'firefox'")
  }

  /// - Parameter entry: of `transports`, before a proxy that speaks TLS.
  private func proxied(_ entry: String, via: String = "nginx-tuned") throws -> Variant {
    let yaml = ExampleFiles.least.replacing("- transport: websocket", with: "- {\(entry)}")
      .replacing("prompt: ", with: "via: \(via)\n  prompt: ", maxReplacements: 1)
    return try Experiment(name: "01-x", yaml: yaml, file: "x.yml").variants[0]
  }

  @Test func `readers may speak TLS and HTTP/2 with a proxy that does`() throws {
    #expect(try proxied("transport: websocket").http == .clear)
    #expect(try proxied("transport: websocket, over: https").http == .encrypted)
    let shared = try proxied("transport: long-polling, over: http2, readers-per-connection: 4")
    #expect(shared.http == .two && shared.readersPerConnection == 4)
    for (entry, words) in [
      ("transport: long-polling, over: http3", "'over' takes http or https or http2, not 'http3'"),
      ("transport: websocket, over: http2", "'over: http2' is not for websocket"),
      ("transport: long-polling, over: https, readers-per-connection: 2", "applies to 'over: http2' only"),
      (
        "transport: long-polling, over: https",
        "'over: https' needs a proxy that speaks TLS, and 'stream' has none"
      ),
    ] {
      #expect(mistake(entry)?.contains(words) ?? false, "\(entry): \(mistake(entry) ?? "none")")
    }
    #expect(throws: ExperimentError.self) {
      try proxied("transport: long-polling, over: https", via: "varnish")
    }
  }

  @Test func `what speaks TLS may be chosen elsewhere`() throws {
    let yaml = ExampleFiles.least.replacing(
      "- transport: websocket", with: "- {transport: long-polling, over: http2, readers-per-connection: 4}")
    let experiment = try Experiment(name: "01-x", yaml: yaml, file: "x.yml", hasEdge: true)
    #expect(experiment.variants[0].http == .two)
    #expect(try experiment.behind("caddy").conditions[0].proxy == .caddy)
    let refusal = #expect(throws: ExperimentError.self) { try experiment.behind("varnish") }
    #expect(
      refusal?.description
        == "--via: varnish speaks no TLS, which 'long-polling' reads over: take another proxy")
  }

  @Test func `bodies may be coded`() throws {
    #expect(try variant("transport: long-polling, coding: gzip").coding == .gzip)
    #expect(mistake("transport: websocket, coding: gzip")?.contains("take 'messages: deflated'") ?? false)
  }

  @Test func `messages may come compressed`() throws {
    #expect(try variant("transport: websocket").messages == .plain)
    #expect(try variant("transport: websocket, messages: deflated").messages == .deflated)
    #expect(
      mistake("transport: websocket, messages: zip")
        == "x.yml:7: 'messages' takes plain or deflated, not 'zip'")
    #expect(
      mistake("transport: long-polling, messages: plain") == "x.yml:7: 'messages' applies to websocket only")
  }

  @Test func `events may have their index alone for an ID`() throws {
    #expect(try variant("transport: server-sent-events").ids == .full)
    #expect(try variant("transport: server-sent-events, ids: index").ids == .index)
    #expect(
      mistake("transport: server-sent-events, ids: none") == "x.yml:7: 'ids' takes full or index, not 'none'")
    #expect(
      mistake("transport: websocket, ids: index") == "x.yml:7: 'ids' applies to server-sent-events only")
    #expect(
      mistake("transport: server-sent-events, ids: index, ask: at-once")
        == "x.yml:7: 'ids: index' requires 'ask: first': a bare index is enough only where the path names the stream"
    )
  }

  @Test func `a result says what is not as the transport does by itself`() throws {
    func reading(_ entry: String) throws -> [String: String]? {
      let yaml = ExampleFiles.least.replacing("- transport: websocket", with: "- {\(entry)}")
      return RunPlan(try Experiment(name: "01-x", yaml: yaml, file: "x.yml")).entries[0].reading
    }
    #expect(try reading("transport: websocket, name: a, ask: first, messages: plain, stop: message") == [:])
    #expect(
      try reading("transport: websocket, ask: at-once, messages: deflated, heads: chromium, stop: delete")
        == ["ask": "at-once", "messages": "deflated", "heads": "chromium", "stop": "delete"])
    #expect(
      try reading("transport: server-sent-events, ids: index, recover: resume")
        == ["ids": "index", "recover": "resume"])
    #expect(
      try reading("transport: long-polling, wait: 5, recover: naive") == ["wait": "5.0", "recover": "naive"])
  }
}
