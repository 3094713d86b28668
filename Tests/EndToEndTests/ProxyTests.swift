import Edge
import Foundation
import Testing

@testable import Results

/// Real proxies in front of the real server: who passes a stream on, and who holds it back.
@Suite(.serialized) struct ProxyTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  /// By proxy and by what the server asks: whether an event stream, and lines, are held back to their end.
  private static let isHeld: [(proxy: Proxy, hints: String, events: Bool, lines: Bool)] = [
    (.nginx, "none", true, true),
    (.nginx, "x-accel-buffering", false, false),
    (.nginx, "incremental", true, true),
    (.nginxTuned, "none", false, false),
    (.haproxyTuned, "none", false, false),
    (.caddy, "none", false, false),
    (.caddyTuned, "none", false, false),
  ]

  private func file(_ text: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("proxies.yml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  private static func experiment(_ conditions: [String]) -> String {
    """
    title: Through proxies
    question: Who holds what back?
    prediction: Those that gather.
    stream: {prompt: "Why is the sky blue?", tokens: 20, rate: 30, think: 0.05}
    conditions:
    \(conditions.map { "  - \($0)" }.joined(separator: "\n"))
    transports:
      - transport: long-polling
      - transport: server-sent-events
      - transport: http-streaming
      - transport: websocket
    readers: 2
    trials: 1
    metrics: [delay_p50_ms]
    """
  }

  @Test func `streams are held back where they are said to be, and nowhere else`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let conditions = Self.isHeld.enumerated().map { number, row in
      "{name: \"\(number)\", via: \(row.proxy.rawValue), hints: \(row.hints)}"
    }
    let out = folder.appendingPathComponent("out", isDirectory: true)
    let run = try await Command.run(
      Command.pushlab, ["run", try file(Self.experiment(conditions)), "--out", out.path])
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let result = try RunResult.read(out.appendingPathComponent("result.json"))
    for trial in result.trials { #expect(trial.ledger.isClean, "\(trial.entry): \(trial.failures)") }
    for (number, row) in Self.isHeld.enumerated() {
      let wanted = [
        "long-polling": false, "server-sent-events": row.events, "http-streaming": row.lines,
        "websocket": false,
      ]
      for (transport, isHeld) in wanted {
        let delay = try #require(result.estimate(.delayMedian, of: "\(transport), \(number)")).median
        // The answer takes seven tenths of a second: half of it is the median where all of it comes at the end.
        #expect((delay > 200) == isHeld, "\(transport) through \(row.proxy) with \(row.hints): \(delay) ms")
      }
    }
    #expect(result.plan.entry("websocket, 0")?.proxy == "nginx")
  }

  @Test(.enabled(if: ThisMachine.makesLinks))
  func `a proxy behind a link`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let out = folder.appendingPathComponent("out", isDirectory: true)
    let text = Self.experiment(["{name: far, via: nginx-tuned, network: {delay: 40}}"])
    let run = try await Command.runOverLink(try file(text), out: out)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let result = try RunResult.read(out.appendingPathComponent("result.json"))
    for trial in result.trials { #expect(trial.ledger.isClean, "\(trial.entry): \(trial.failures)") }
    #expect(try #require(result.estimate(.delayMedian, of: "websocket, far")).median > 40)
  }

  private func isRunning(_ process: Int32) -> Bool { kill(process, 0) == 0 }

  /// Processes whose command line has these words.
  private func processes(with words: String) -> [Int32] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap(Int32.init) ?? []
    return all.filter { process in
      let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
      return String(decoding: line, as: UTF8.self).replacing("\0", with: " ").contains(words)
    }
  }

  @Test func `nothing is left of a proxy whose run was killed`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let temporary = folder.appendingPathComponent("temporary", isDirectory: true)
    try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    let out = folder.appendingPathComponent("out", isDirectory: true)
    let text = Self.experiment(["{name: far, via: nginx}"]).replacing("trials: 1", with: "trials: 1000")
    let run = try Command(
      Command.pushlab, ["run", try file(text), "--out", out.path], environment: ["TMPDIR": temporary.path])
    let arrivals = out.appendingPathComponent("arrivals.csv")
    while (try? String(contentsOf: arrivals, encoding: .utf8).split(separator: "\n").count) ?? 0 < 2 {
      try #require(run.isRunning)
      sched_yield()
    }
    #expect(!processes(with: temporary.path).isEmpty)
    run.signal(SIGKILL)
    _ = await run.outcome()
    while !processes(with: temporary.path).isEmpty { sched_yield() }
    while try !FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty { sched_yield() }
  }

  @Test func `a misspelt proxy is named`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try await Command.run(
      Command.pushlab, ["run", try file(Self.experiment(["{name: a, via: nginx-tune}"]))])
    #expect(
      run.errors.contains("'nginx-tune' is not a proxy (did you mean nginx-tuned?); the proxies are nginx, "))
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func `a proxy that does not start says why in its own words`() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try "nonsense;".write(to: folder.appendingPathComponent("nginx.conf"), atomically: true, encoding: .utf8)
    let edge = try EdgeProxy(.nginx, templates: folder.path, host: "127.0.0.1", originPort: 1)
    var failure = edge.failure
    while failure == nil { failure = edge.failure }
    #expect(failure?.description.contains("unknown directive \"nonsense\"") ?? false, "\(failure as Any)")
    edge.stop()
    #expect(throws: EdgeError.self) {
      try EdgeProxy(.caddy, templates: folder.path, host: "127.0.0.1", originPort: 1)
    }
  }

  @Test(arguments: [
    ("hints: accel", "'hints' takes x-accel-buffering, incremental, none"), ("hints: \"\"", "'hints' takes"),
  ])
  func `hints that are none are named`(_ given: String, _ words: String) async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try await Command.run(
      Command.pushlab, ["run", try file(Self.experiment(["{name: a, \(given)}"]))])
    #expect(run.status != 0 && run.errors.contains(words), "\(run.errors)")
  }
}
