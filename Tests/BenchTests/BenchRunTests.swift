import Experiments
import Foundation
import LabClient
import Testing
import Wire

@testable import Bench

@Suite struct BenchRunTests {
  @Test("Every token comes once and in order from the floor and from pushlab, and figures are there")
  func floorAndPushlab() async throws {
    var options = Options()
    (options.servers, options.readers, options.trials) = ([.floor, .pushlab], [5], 1)
    (options.rate, options.seconds, options.warmUpSeconds) = (50, 0.3, 0.1)
    var result = try await bench(options)
    // On a loaded machine all tokens of a turn may come before the first look: that run shows nothing.
    for _ in 0..<3 where result.turns.contains(where: { $0.result?.deliveries == 0 }) {
      result = try await bench(options)
    }
    let tokens = options.load(.chat, readers: 5).tokens
    // The floor's two transports and all of pushlab's, on two loads, and the polls per second.
    #expect(result.turns.count == 2 * (2 + Transport.allCases.count) + 1)
    for turn in result.turns {
      let name = "\(turn.subject)"
      let seen = try #require(turn.result, "\(name): \(turn.failure ?? "")")
      #expect(seen.failures == [:], "\(name)")
      #expect(seen.deliveries > 0, "\(name)")
      guard case .load(_, let entry) = turn.subject else {
        #expect(Set(seen.figures.keys) == [.requests, .requestProcessor])
        continue
      }
      #expect(seen.ledger.isClean && seen.ledger.delivered == 5 * tokens, "\(name): \(seen.ledger)")
      let expected: Set<Figure> = [.serverProcessor, .delayMedian, .bytesRead]
      let ofNewReaders: Set<Figure> = [.connections, .connectionProcessor]
      #expect(
        Set(seen.figures.keys)
          == expected.union(entry.transport == .longPolling ? [] : ofNewReaders), "\(name)")
    }
    #expect(result.environment.engine.hasPrefix("libwebsockets "))
    #expect(
      BenchReport(result).text(width: 120).contains("fan-out: server CPU, as a multiple of the floor's"))
  }

  @Test("A reader that the server refuses is told, and its tokens are lost")
  func refused() throws {
    let options = Options()
    var load = options.load(.fanOut, readers: 1)
    load.tokens = 3
    let server = try Pushlab(
      Parts(
        products: URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path,
        project: "/"),
      load)
    defer { server.stop() }
    let plan = ReaderPlan(
      asking: .once(RequestBytes.get("/streams/0123456789abcdef/events")), first: .now)
    let crowd = Crowd(
      port: server.port, plans: [plan],
      arrivals: Arrivals(readers: 1, gap: load.gap, tokens: 3, measured: 0..<3))
    _ = try crowd.connect(answersAtOnce: true, until: .now.advanced(by: .seconds(20)))
    crowd.finish()
    #expect(crowd.failures == ["answered with 404": 1])
    #expect(crowd.arrivals.ledger.lost == 3)
  }
}
