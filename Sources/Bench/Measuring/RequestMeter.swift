import Foundation
import Machine
import Measurement
import MonotonicTime
import Wire

/// Whom the requests per second are asked of.
public enum Answerer: String, CaseIterable, Codable, Sendable {
  /// pushlab's short poll: a page with one token.
  case pushlab = "pushlab short-polling"
  /// nginx, a static file with the bytes of that page.
  case file = "nginx static file"
  /// Nchan's interval poll: its oldest message.
  case nchan = "nchan short-polling"

  var server: Server { self == .pushlab ? .pushlab : .nchan }
}

/// Measures how many polls a server answers: on kept connections, each asks again as soon as it is answered.
struct RequestMeter {
  let parts: Parts
  let processors: Processors
  let options: Options

  func measure(_ answerer: Answerer, connections: Int) throws -> TurnResult {
    let load = options.load(.fanOut, readers: connections)
    return try withTemporaryFolder { folder in
      let server: any Contestant
      let plans: [ReaderPlan]
      switch answerer {
      case .pushlab:
        let pushlab = try Pushlab(parts, load)
        (server, plans) = (pushlab, try pushlab.pagePlans(readers: connections))
      case .file, .nchan:
        let page = PollPage.json(tokens: [load.payloads[0]], next: 1, done: false, ending: nil)
        let nchan = try Nchan(parts, load, folder: folder, page: page)
        server = nchan
        plans =
          answerer == .file ? nchan.filePlans(readers: connections) : try nchan.messagePlans(load)
      }
      defer { server.stop() }
      return try measure(server, plans)
    }
  }

  private func measure(_ server: any Contestant, _ plans: [ReaderPlan]) throws -> TurnResult {
    let held = HeldServer(server, processors)
    let crowd = Crowd(
      port: server.port, plans: plans, arrivals: Arrivals(readers: 0, gap: .zero, tokens: 0, measured: 0..<0))
    let giveUp = Instant.now.advanced(by: .seconds(30))
    guard try crowd.connect(answersAtOnce: true, until: giveUp) != nil else {
      throw BenchError("\(plans.count) connections were not answered within 30 s")
    }
    crowd.startRounds(at: .now)
    crowd.read(until: .now.advanced(by: .milliseconds(500)))
    let before = (usage: Usage(of: held.processes), answers: crowd.answers)
    crowd.read(until: .now.advanced(by: Duration(roundedSeconds: min(2, options.seconds))))
    let after = (usage: Usage(of: held.processes), answers: crowd.answers)

    var result = TurnResult()
    result.failures = crowd.failures
    result.deliveries = after.answers - before.answers
    result.serverShare = after.usage.serverShare(since: before.usage)
    result.readersShare = after.usage.readersShare(since: before.usage)
    // A server is to be busy here.
    result.doubts = FigureDoubt.ofShares(server: 0, readers: result.readersShare, [.requests])
    result.doubts += FigureDoubt.ofWaits(
      after.usage.longestWait(since: before.usage), [.requests, .requestProcessor])
    guard result.deliveries > 0 else { return result }
    let wall = before.usage.at.duration(to: after.usage.at).inSeconds
    result.figures[.requests] = Double(result.deliveries) / wall
    result.figures[.requestProcessor] = after.usage.serverTime(since: before.usage).map {
      $0.inSeconds * 1e6 / Double(result.deliveries)
    }
    return result
  }
}
