import Machine
import Measurement
import MonotonicTime

/// A load being delivered to a crowd that is connected.
struct Delivery {
  private let crowd: Crowd
  private let load: Load
  private let options: Options

  init(_ crowd: Crowd, _ load: Load, _ options: Options) {
    self.crowd = crowd
    self.load = load
    self.options = options
  }

  /// After the last instant, what has not come within this counts as lost.
  static let grace = Duration.seconds(10)

  /// Reads it all. Processor time is looked up half a gap before the first token that counts and a gap after the
  /// last one's instant: looking takes the readers' time, and delays are not measured then.
  func measure(_ server: HeldServer) -> TurnResult {
    crowd.startRounds(at: load.first)
    crowd.read(until: load.first.advanced(by: load.gap * load.measured.lowerBound - load.gap / 2))
    let before = (usage: Usage(of: server.processes), arrivals: crowd.arrivals.count, bytes: crowd.bytes)
    let machine = MachineState()
    crowd.read(until: load.first.advanced(by: load.gap * (load.measured.upperBound + 1)))
    let after = (usage: Usage(of: server.processes), arrivals: crowd.arrivals.count, bytes: crowd.bytes)
    var result = TurnResult()
    result.doubts = MachineState().doubts(since: machine).map {
      FigureDoubt(figures: Self.touched, doubt: $0)
    }
    crowd.read(tokens: load.tokens, until: load.last.advanced(by: load.pollInterval + Self.grace))
    crowd.finish()

    result.ledger = crowd.arrivals.ledger
    result.failures = crowd.failures
    if crowd.arrivals.early > 0 { result.failures["a token came before its instant"] = crowd.arrivals.early }
    result.deliveries = after.arrivals - before.arrivals
    result.serverShare = after.usage.serverShare(since: before.usage)
    result.readersShare = after.usage.readersShare(since: before.usage)
    result.doubts += FigureDoubt.ofShares(
      server: result.serverShare, readers: result.readersShare, FigureDoubt.delays)
    result.doubts += FigureDoubt.ofWaits(after.usage.longestWait(since: before.usage), Self.touched)
    if result.deliveries > 0 {
      let wall = before.usage.at.duration(to: after.usage.at).inSeconds
      if let time = after.usage.serverTime(since: before.usage) {
        result.figures[.serverProcessor] =
          (time.inSeconds - server.idleShare * wall) * 1e6 / Double(result.deliveries)
      }
      result.figures[.bytesRead] = Double(after.bytes - before.bytes) / Double(result.deliveries)
    }
    addDelays(to: &result)
    return result
  }

  private static let touched = FigureDoubt.delays.union([.serverProcessor])

  private func addDelays(to result: inout TurnResult) {
    let delays = crowd.arrivals.distribution
    for (figure, quantile) in [(Figure.delayMedian, 0.5), (.delay99, 0.99), (.delay999, 0.999)] {
      guard let delay = delays.milliseconds(at: quantile) else { continue }
      result.figures[figure] = delay
    }
  }
}
