import PlainText

/// A reason to trust a number less, found by the lab itself, with what to do about it.
public enum Doubt: Hashable, Sendable, Codable {
  /// The readers' process used this share of a processor.
  case readersBusy(share: Double)
  /// The server's process used this share of a processor.
  case serverBusy(share: Double)
  /// The readers' event loop came this late to something it had planned.
  case eventLoopLag(milliseconds: Double)
  /// The server appended tokens this long after their instants, on average.
  case scheduleLate(milliseconds: Double)
  /// Server or readers could have run and waited for a processor, this share of the time.
  case processorsShared(share: Double)
  /// Whoever gives a server its tokens from outside was this late with one.
  case publisherLate(milliseconds: Double)
  /// The link between server and readers brought a packet so much later than its delay.
  case linkLate(milliseconds: Double)
  /// Connections beyond one a reader.
  case keepAliveLost(Int)
  /// Segments that had to be sent again.
  case retransmissions(Int)
  /// Too few independent ones for this quantile in a trial.
  case tooFewSamples(Metric, count: Int)
  /// Not every trial has these numbers.
  case fewerTrials(Set<Metric>, having: Int, of: Int)
  /// The wall clock was set while the trial ran.
  case clockStep(milliseconds: Double)
  /// How far the clocks of server and readers, on two machines, may be from what they were reckoned to be.
  case clocksApart(milliseconds: Double)
  /// Processor time that the machine's host gave to others.
  case steal(share: Double)
  /// The command was built without optimisation.
  case debugBuild

  /// What it is, and what to do.
  public var text: String {
    switch self {
    case .readersBusy(let share):
      "the readers used \(percent(share)) of a processor: use fewer readers, or more processors"
    case .serverBusy(let share):
      "the server used \(percent(share)) of a processor: use fewer readers, or a lower rate"
    case .eventLoopLag(let milliseconds):
      "the readers' event loop was up to \(rounded(milliseconds)) ms late: stop other programs on this machine"
    case .scheduleLate(let milliseconds):
      "the server generated tokens \(rounded(milliseconds)) ms late on average: stop other programs where it runs, or lower the rate"
    case .processorsShared(let share):
      "server or readers waited for a processor \(percent(share)) of the time: stop other programs on this machine"
    case .publisherLate(let milliseconds):
      "the publisher was up to \(rounded(milliseconds)) ms late with a token: stop other programs on this machine"
    case .linkLate(let milliseconds):
      "the link brought a packet \(rounded(milliseconds)) ms later than its delay: stop other programs on this machine"
    case .keepAliveLost(let count):
      "\(count) connection\(count == 1 ? "" : "s") beyond one per reader: keep-alive lost, so connection setup is included"
    case .retransmissions(let count):
      "\(count) segment\(count == 1 ? " was" : "s were") retransmitted, because the path lost some: their delay is included"
    case .tooFewSamples(let metric, let count):
      "\(metric.title) needs \(metric.samplesNeeded) independent samples per trial but had \(count): use more readers, or longer answers"
    case .fewerTrials(_, let having, let all):
      "only \(having) of \(all) trials have this number"
    case .clockStep(let milliseconds):
      "the system clock was changed by \(rounded(milliseconds)) ms during a trial: run again"
    case .clocksApart(let milliseconds):
      "the server's clock is known to ± \(milliseconds.text(digits: 2)) ms, and so is every delay: measure from nearer by for less"
    case .steal(let share):
      "the host took \(percent(share)) of the processors' time for other guests: run again on a quieter machine"
    case .debugBuild:
      "this is a debug build: run 'make build', then use .build/release/pushlab"
    }
  }

  /// The numbers it touches.
  public var metrics: Set<Metric> {
    switch self {
    case .readersBusy, .eventLoopLag, .scheduleLate, .publisherLate, .linkLate, .retransmissions: Self.times
    // Who shares a processor finds its caches cold.
    case .processorsShared: Self.times.union(Self.costs)
    case .serverBusy, .clockStep: Self.times
    case .clocksApart:
      [.delayMedian, .delay99, .delay999, .goodput, .stopMedian, .stopWorst, .tokensAfterStop]
    case .keepAliveLost: Self.times.union([.bytesDown, .bytesUp, .segments, .connections])
    case .tooFewSamples(let metric, _): [metric]
    case .fewerTrials(let metrics, _, _): metrics
    case .steal, .debugBuild: Self.times.union(Self.costs)
    }
  }

  /// Who waits for a processor is also switched more often.
  private static let costs = Set(Metric.allCases.filter { $0.unit == Metric.serverProcessor.unit })
    .union([.contextSwitches])

  /// What is a time, and what is counted by one.
  private static let times = Set(Metric.allCases.filter { ["ms", "s"].contains($0.unit) })
    .union([.bunching, .goodput, .timeWaiting, .timeStalled, .tokensAfterStop])

  /// Doubts of one kind are one doubt; the worse one speaks.
  public func worse(_ other: Doubt) -> Doubt {
    severity >= other.severity ? self : other
  }

  /// What doubts are grouped by.
  public var kind: String {
    switch self {
    case .tooFewSamples(let metric, _): "tooFewSamples-\(metric.rawValue)"
    case .fewerTrials(_, let having, let all): "fewerTrials-\(having)-\(all)"
    default: String("\(self)".prefix { $0 != "(" })
    }
  }

  private var severity: Double {
    switch self {
    case .readersBusy(let value), .serverBusy(let value), .eventLoopLag(let value), .scheduleLate(let value),
      .publisherLate(let value), .linkLate(let value), .processorsShared(let value), .steal(let value),
      .clocksApart(let value):
      value
    case .clockStep(let value): abs(value)
    case .keepAliveLost(let count), .retransmissions(let count): Double(count)
    case .tooFewSamples(_, let count): -Double(count)
    case .fewerTrials(_, let having, let all): Double(all - having)
    case .debugBuild: 0
    }
  }
}

private func percent(_ share: Double) -> String { "\((share * 100).text(digits: 0)) %" }
private func rounded(_ number: Double) -> Double { (number * 10).rounded() / 10 }
