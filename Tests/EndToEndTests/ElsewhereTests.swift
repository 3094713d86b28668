import Edge
import Foundation
import LabClient
import Machine
import Testing
import Wire

@testable import Results

/// `run --server`: a server that is not the run's own.
@Suite struct ElsewhereTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  private static let experiment = """
    title: Elsewhere
    question: Is it measured as it is?
    prediction: It is.
    stream: {prompt: "Why is the sky blue?", tokens: 20, rate: 100, think: 0.1}
    transports:
      - {transport: short-polling, interval: 0.05}
      - transport: long-polling
      - transport: server-sent-events
      - transport: http-streaming
      - transport: websocket
    readers: 4
    trials: 1
    metrics: [ttft_cold_ms, delay_p50_ms, bytes_down_per_token]
    """

  private func file(_ text: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("elsewhere.yml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  private func run(
    _ url: String, _ text: String = experiment, _ arguments: [String] = [], token: String? = nil
  ) async throws -> (Command.Outcome, RunResult?) {
    let out = folder.appendingPathComponent(UUID().uuidString, isDirectory: true)
    let run = try Command(
      Command.pushlab, ["run", try file(text), "--server", url, "--out", out.path] + arguments,
      environment: token.map { ["PUSHLAB_TOKEN": $0] } ?? [:])
    let outcome = await run.outcome()
    return (outcome, try? RunResult.read(out.appendingPathComponent("result.json")))
  }

  private func expectWhole(_ result: RunResult?, _ url: String) throws {
    let result = try #require(result)
    #expect(result.trials.count == 5)
    #expect(result.plan.server == url)
    for trial in result.trials {
      #expect(trial.ledger.isClean, "\(trial.entry): \(trial.failures)")
      #expect(trial.values[.serverProcessor] == nil)
      let uncertainty = trial.doubts.compactMap { doubt -> Double? in
        if case .clocksApart(let milliseconds) = doubt { milliseconds } else { nil }
      }
      // It is one clock: no token comes before its instant by more than the clocks may be apart.
      let delay = try #require(trial.values[.delayMedian])
      let apart = try #require(uncertainty.first)
      #expect(delay > -apart)
    }
  }

  @Test func `a server that somebody runs is measured as it is`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let served = try ServedLab(["--token", "sixteen-characters"])
    let url = "http://127.0.0.1:\(served.lab.port)"
    let (outcome, result) = try await run(url, token: "sixteen-characters")
    #expect(outcome.status == 0, "\(outcome.errors)")
    try expectWhole(result, url)
    #expect(outcome.output.contains("What was between: the server at \(url)"))
    #expect(!outcome.output.contains("sixteen-characters"))
    let (refused, none) = try await run(url)
    #expect(refused.status != 0 && refused.errors.contains("the server answered 401"), "\(refused.errors)")
    #expect(none == nil)
  }

  @Test func `over TLS it has to show who it is`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let served = try ServedLab([])
    let edge = try EdgeProxy(
      .nginxTuned, templates: Command.project.appendingPathComponent("experiments/proxies").path,
      host: "127.0.0.1", originPort: served.lab.port)
    defer { edge.stop() }
    let address = ServerAddress(
      host: "127.0.0.1", port: edge.securePort, trust: .authority(file: edge.authority))
    while (try? await served.lab.reader.get("/healthz", from: address)) == nil { sched_yield() }
    let url = "https://127.0.0.1:\(edge.securePort)"
    let (outcome, result) = try await run(url, Self.experiment, ["--authority", edge.authority])
    #expect(outcome.status == 0, "\(outcome.errors)")
    try expectWhole(result, url)
    let (_, faster) = try await run(url, Self.experiment, ["--authority", edge.authority, "--http2"])
    try expectWhole(faster, url)
    let (refused, _) = try await run(url)
    #expect(
      refused.status == 1 && refused.errors.contains("\(url): TLS failed: certificate verify failed"),
      "\(refused.errors)")
  }

  @Test func `a proxy of the lab's is put in front of it`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let served = try ServedLab(["--token", "sixteen-characters"])
    let url = "http://localhost:\(served.lab.port)"
    let (outcome, result) = try await run(
      url, Self.experiment, ["--via", "nginx-tuned"], token: "sixteen-characters")
    #expect(outcome.status == 0, "\(outcome.errors)")
    try expectWhole(result, url)
    #expect(result?.plan.entries.map(\.proxy) == Array(repeating: "nginx-tuned", count: 5))
  }

  @Test(arguments: [
    ("http://127.0.0.1:1", "nginx-tunde", "did you mean nginx-tuned"),
    ("https://127.0.0.1:1", "nginx", "in the clear"),
  ])
  func `a proxy that cannot be put there is named`(_ url: String, _ proxy: String, _ words: String)
    async throws
  {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (outcome, result) = try await run(url, Self.experiment, ["--via", proxy])
    #expect(outcome.status != 0 && outcome.errors.contains(words) && result == nil, "\(outcome.errors)")
  }

  @Test(arguments: [
    ("lab.example", "--server takes the URL of a server"), ("ftp://lab.example", "--server takes"),
    ("http://lab.example/chat", "--server takes"),
    ("http://a:b@lab.example", "--server takes no name and password"),
    ("", "--server takes"),
    ("http://127.0.0.1:1", "http://127.0.0.1:1: the server cannot be reached: 127.0.0.1, port 1: "),
  ])
  func `what is no server is named in one line`(_ url: String, _ words: String) async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (outcome, _) = try await run(url)
    #expect(outcome.status != 0 && outcome.errors.contains(words), "\(outcome.errors)")
    // No folder was made for a run that could not begin.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["elsewhere.yml"])
  }

  @Test func `what takes a server of the run's own is refused`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = Self.experiment.replacing("think: 0.1", with: "think: 0.1, network: lan, nagle: on")
    let (outcome, _) = try await run("http://127.0.0.1:1", text)
    #expect(outcome.status != 0)
    #expect(
      outcome.errors.contains("sets network, batch, heartbeat or nagle, which takes one of the run's own"),
      "\(outcome.errors)")
  }
}
