import Foundation
import Report
import Testing
import Wire

@testable import Bench

/// The floor beside what it floors: `make test-floor`, which wants a quiet machine. Prints what it saw.
@Suite(
  .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["PUSHLAB_FLOOR"] != nil, "make test-floor runs it")
)
struct FloorTests {
  /// So many that an interval leaves out the trial that went worst.
  private static let trials = 9

  private static func options(_ shape: Load.Shape, _ readers: [Int]) -> Options {
    var options = Options()
    (options.servers, options.transports) = ([.floor, .pushlab], [.serverSentEvents, .webSocket])
    (options.shapes, options.readers, options.trials) = ([shape], readers, trials)
    (options.seconds, options.warmUpSeconds, options.letsSleep) = (0.7, 0.3, false)
    return options
  }

  /// Trials are interleaved, and a trial's own ratio is what counts, so that what else goes on on the machine cancels
  /// out. The floor's two transports run the same code: how far their ratio's interval goes from one is how far two
  /// may seem apart here that are the same. The floor is worse where even the near end of its interval lies beyond that.
  @Test(
    "The floor is not later than pushlab, nor dearer, beyond what it differs from itself",
    arguments: [(Load.Shape.chat, [100, 1_000, 4_000]), (.fanOut, [1_000])])
  func floor(_ shape: Load.Shape, _ readers: [Int]) async throws {
    let report = BenchReport(try await bench(Self.options(shape, readers)))
    func subject(_ server: Server, _ transport: Transport) -> BenchResult.Subject {
      .load(shape: shape, entry: Entry(server: server, transport: transport))
    }
    for figure in [Figure.delayMedian, .serverProcessor] {
      for readers in readers {
        let noise = try #require(
          report.ratio(figure, subject(.floor, .webSocket), subject(.floor, .serverSentEvents), readers)
        ).farthest
        for transport in Server.floor.transports {
          let ratio = try #require(
            report.ratio(figure, subject(.floor, transport), subject(.pushlab, transport), readers))
          let line =
            "\(shape.rawValue), \(readers), \(transport.name), \(figure.title): floor against pushlab "
            + "\(ratio.estimate.words), floor against itself up to \((100 * noise).rounded()) %"
          print("test-floor: \(line)")
          #expect((ratio.estimate.interval?.low ?? ratio.estimate.least) <= 1 + noise, "\(line)")
        }
      }
    }
  }
}
