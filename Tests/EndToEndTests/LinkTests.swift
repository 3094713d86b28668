import Foundation
import Links
import Testing

@testable import LinkedNetworks
@testable import Results

/// A real link: its own measurement, runs over it, and what is left of it.
@Suite(.serialized, .enabled(if: ThisMachine.makesLinks)) struct LinkTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  private static let experiment = """
    title: Over a link
    question: Does everything arrive?
    prediction: It does.
    stream: {prompt: "Why is the sky blue?", tokens: 12, rate: 40, think: 0.1}
    conditions:
      - {name: near, network: lan}
      - {name: far, network: {delay: 40, bandwidth: 20}}
      - {name: lossy, network: {delay: 5, loss: 10}}
    transports:
      - {transport: short-polling, interval: 0.05}
      - transport: long-polling
      - transport: server-sent-events
      - transport: http-streaming
      - transport: websocket
    readers: 4
    trials: 1
    metrics: [ttft_cold_ms, ttft_warm_ms, delay_p50_ms]
    """

  private func file(_ text: String) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("link.yml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  @Test func `every profile is what it says`() throws {
    let link = try Link(.perfect, executable: Command.pushlab, seed: 1)
    defer { link.stop() }
    for profile in LinkProfile.allCases {
      var failure: (any Error)?
      // A busy machine keeps a link from being so, and a moment later does not.
      for _ in 0..<10 {
        failure = nil
        do { try LinkCheck.check([profile.properties], over: link) } catch { failure = error }
        if failure == nil { break }
      }
      #expect(failure == nil, "\(profile)")
    }
  }

  @Test func `a link carries packets as large as was asked for, and none that are larger`() async throws {
    let link = try Link(.perfect, executable: Command.pushlab, seed: 1)
    defer { link.stop() }
    try await LinkCheck.checkInBackground([LinkProperties(mtu: 900)], over: link)
    // The check has put back 1,500 bytes.
    let seen = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(returning: [600, 2_000].map { LinkTests.refusal(of: $0, over: link) })
      }
    }
    #expect(seen == ["one of 601 came down", "one of 2000 did not come down"])
  }

  /// What a link carries in place of packets of so many bytes at most.
  private static func refusal(of bytes: Int, over link: Link) -> String? {
    do throws(NetworkError) {
      try LinkCheck.checkLargestPacket(bytes, try LinkProbe(link))
      return nil
    } catch {
      guard case .unlike(_, let seen) = error else { return error.description }
      return seen
    }
  }

  @Test func `everything arrives over every transport, later over a longer way`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let out = folder.appendingPathComponent("out", isDirectory: true)
    let run = try await Command.runOverLink(try file(Self.experiment), out: out)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let result = try RunResult.read(out.appendingPathComponent("result.json"))
    #expect(result.trials.count == 15)
    for trial in result.trials { #expect(trial.ledger.isClean, "\(trial.entry): \(trial.failures)") }
    for transport in ["long-polling", "server-sent-events", "http-streaming", "websocket"] {
      let delay = try #require(result.estimate(.delayMedian, of: "\(transport), far")).median
      // Nothing comes sooner than the way takes.
      #expect(delay > 40)
      let first = try #require(result.estimate(.timeToFirstTokenCold, of: "\(transport), far")).median
      // A way there and back to connect, and one to ask.
      #expect(first > 160)
    }
    #expect(result.plan.entry("websocket, far")?.network?.megabitsPerSecond == 20)
  }

  /// By entry: the steps that wait for one another until the first token is there, on a connection that has to be made.
  private static let roundTrips = [
    "long-polling": 3.0, "server-sent-events": 3, "events at once": 2, "http-streaming": 3,
    "lines at once": 2,
    "websocket": 3, "socket at once": 3,
    // TLS 1.3 takes one more, and HTTP/2 none beside it.
    "long polling, TLS": 4, "events, TLS": 4, "events at once, TLS": 3, "socket, TLS": 4,
    "long polling, HTTP/2": 4,
    "events, HTTP/2": 4, "events at once, HTTP/2": 3,
  ]

  @Test func `a first token takes the round trips that its steps are`() async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let out = folder.appendingPathComponent("out", isDirectory: true)
    let text = """
      title: Round trips
      question: How many?
      prediction: As many as there are steps.
      stream: {prompt: "Why is the sky blue?", tokens: 5, rate: 40, think: 0, network: {delay: 100}, via: nginx-tuned}
      transports:
        - transport: long-polling
        - transport: server-sent-events
        - {transport: server-sent-events, name: events at once, ask: at-once}
        - transport: http-streaming
        - {transport: http-streaming, name: lines at once, ask: at-once}
        - transport: websocket
        - {transport: websocket, name: socket at once, ask: at-once}
        - {transport: long-polling, name: "long polling, TLS", over: https}
        - {transport: server-sent-events, name: "events, TLS", over: https}
        - {transport: server-sent-events, name: "events at once, TLS", ask: at-once, over: https}
        - {transport: websocket, name: "socket, TLS", over: https}
        - {transport: long-polling, name: "long polling, HTTP/2", over: http2}
        - {transport: server-sent-events, name: "events, HTTP/2", over: http2}
        - {transport: server-sent-events, name: "events at once, HTTP/2", ask: at-once, over: http2}
      readers: 6
      trials: 2
      metrics: [ttft_cold_ms, ttft_warm_ms]
      """
    let run = try await Command.runOverLink(try file(text), out: out)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    let result = try RunResult.read(out.appendingPathComponent("result.json"))
    for (entry, count) in Self.roundTrips {
      // A busy machine makes a trial longer, and never shorter.
      let trials = result.trials.filter { $0.entry == entry }.map(\.values)
      let cold = try #require(trials.compactMap { $0[.timeToFirstTokenCold] }.min())
      let warm = try #require(trials.compactMap { $0[.timeToFirstTokenWarm] }.min())
      // So many, and not half of another.
      #expect((count * 200..<count * 200 + 100).contains(cold), "\(entry) took \(cold) ms")
      // What warms a connection has shaken its hands, TLS's too.
      let warmCount = count - (entry.contains(", ") ? 2 : 1)
      #expect(
        (warmCount * 200..<warmCount * 200 + 100).contains(warm),
        "\(entry) took \(warm) ms on a warm connection")
    }
  }

  /// Processes whose command line has this word; those in a network of the run's have it.
  private func processes(with word: String) -> Int {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap(Int32.init) ?? []
    return all.count { process in
      let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
      return String(decoding: line, as: UTF8.self).contains(word)
    }
  }

  /// A namespace is gone with the last process in it.
  @Test(arguments: [SIGINT, SIGTERM, SIGKILL])
  func `nothing is left of a run that was ended`(_ signal: Int32) async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let out = folder.appendingPathComponent("out", isDirectory: true)
    // The wire is started with the one number, and the server with the other.
    let seed = Int.random(in: 100_000_000..<1_000_000_000)
    let retention = "61.\(Int.random(in: 100_000..<1_000_000))"
    let text = """
      title: Over a link
      question: Is anything left?
      prediction: Nothing is.
      stream: {prompt: "Why is the sky blue?", tokens: 8, rate: 40, think: 0.1, network: {delay: 5}}
      transports: [{transport: websocket}]
      trials: 1000
      seed: \(seed)
      serve: {retention: \(retention)}
      """
    let run = try Command(Command.pushlab, ["run", try file(text), "--out", out.path])
    let arrivals = out.appendingPathComponent("arrivals.csv")
    while (try? String(contentsOf: arrivals, encoding: .utf8).split(separator: "\n").count) ?? 0 < 2 {
      try #require(run.isRunning)
      sched_yield()
    }
    #expect(processes(with: "\(seed)") == 1 && processes(with: retention) == 1)
    run.signal(signal)
    _ = await run.outcome()
    // Who was killed says nothing to anybody: its children see that it is gone.
    while processes(with: "\(seed)") + processes(with: retention) > 0 { sched_yield() }
  }

  @Test(arguments: [
    ("network: 5g", "'5g' is not a network"),
    ("network: {delay: -1}", "'delay' takes a number from 0.0 to 10000.0"),
    ("network: {delay: 5, jitter: 6}", "'jitter' is more than 'delay'"),
    ("network: {latency: 5}", "'latency' is not a key of 'network'"),
    ("network: {loss: 90}", "'loss' takes a number from 0.0 to 50.0"),
    ("network: lan, fault: reset", "leave 'network' out"),
  ])
  func `a link that cannot be is named`(_ given: String, _ words: String) async throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = Self.experiment.replacing("network: lan", with: given)
    let run = try await Command.run(Command.pushlab, ["run", try file(text)])
    #expect(run.status != 0 && run.errors.contains(words), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
  }
}
