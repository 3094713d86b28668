import Testing
import Wire

@testable import Bench

/// The servers that others made, where they are installed: `make bench-parts`.
@Suite(.serialized) struct PeersTests {
  private static let peers: [Server] = [.nchan, .flask, .gunicorn, .uvicorn, .asgi]

  @Test("Every token comes once, in order, and none before its instant", arguments: peers)
  func delivers(_ peer: Server) async throws {
    guard parts.servers.contains(peer) else { return }
    var options = Options()
    (options.servers, options.readers, options.trials) = ([peer], [5], 1)
    (options.rate, options.seconds, options.warmUpSeconds) = (50, 0.3, 0.1)
    let tokens = options.load(.chat, readers: 5).tokens
    for turn in try await bench(options).turns {
      let seen = try #require(turn.result, "\(turn.subject): \(turn.failure ?? "")")
      #expect(seen.failures == [:], "\(turn.subject)")
      guard case .load = turn.subject else { continue }
      #expect(seen.ledger.isClean && seen.ledger.delivered == 5 * tokens, "\(turn.subject): \(seen.ledger)")
      #expect((seen.publishing != nil) == (peer == .nchan))
    }
  }
}
