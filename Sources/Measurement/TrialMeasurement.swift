import Links
import MonotonicTime
import Readings

/// What one trial of one entry showed.
public struct TrialMeasurement: Sendable, Codable {
  /// The entry's name.
  public var entry: String
  /// Counted from 0; each run has a server of its own.
  public var run: Int
  /// Counted from 0 in each run; all entries of a trial share its schedules.
  public var trial: Int
  public var values: [Metric: Double]
  /// How many independent samples the trial's quantiles rest on; nil where the result does not say, and has left those
  /// out that rested on too few.
  public var effectiveSamples: [Metric: Int]?
  public var ledger: Ledger
  /// What readers could not go on after, each once.
  public var failures: [String]
  public var doubts: [Doubt] = []
  /// What the link between server and readers did meanwhile; nil where there was none.
  public var link: LinkTally?
  /// The lab's own noise: what the readers' process used of one processor.
  public var readersProcessorShare = 0.0
  /// The server's.
  public var serverProcessorShare = 0.0
  /// The longest that a thread of either could have run and waited for a processor, as a share of the time.
  public var longestWait = 0.0
  /// The readers' event loop's longest.
  public var eventLoopLagMilliseconds = 0.0
  /// From tokens' instants to their appending, on average; nil where the server does not tell of the whole trial.
  public var scheduleLatenessMilliseconds: Double?

  /// - Parameter limits: what a stream must meet to count as good; nil measures no goodput.
  public init(entry: String, run: Int = 0, trial: Int, readings: [Reading], limits: GoodputLimits? = nil) {
    self.entry = entry
    self.run = run
    self.trial = trial
    ledger = readings.reduce(Ledger()) { $0 + $1.ledger }
    failures = Set(readings.compactMap(\.failure)).sorted()
    values = [:]
    addTimes(readings)
    addCosts(readings)
    addOutages(readings)
    if let limits, !readings.isEmpty {
      let good = readings.count(where: limits.areMet)
      values[.goodput] = Double(good) / Double(readings.count)
    }
    let retransmissions = readings.reduce(0) { $0 + $1.retransmissions }
    if retransmissions > 0 { doubts.append(.retransmissions(retransmissions)) }
    let extra = readings.reduce(0) { $0 + $1.unexplainedConnections }
    if extra > 0 { doubts.append(.keepAliveLost(extra)) }
  }

  /// A trial whose readers could not read: it has no numbers, and what they were to get is lost.
  /// - Parameter tokens: what each reader was to get.
  public init(entry: String, run: Int = 0, trial: Int, readers: Int, tokens: Int, failure: String) {
    self.entry = entry
    self.run = run
    self.trial = trial
    ledger = Ledger()
    ledger.lost = readers * tokens
    failures = [failure]
    values = [:]
  }

  private mutating func addTimes(_ readings: [Reading]) {
    let cold = readings.filter { !$0.isWarm }.compactMap(\.timeToFirstToken)
    let warm = readings.filter(\.isWarm).compactMap(\.timeToFirstToken)
    values[.timeToFirstTokenCold] = Quantiles(cold.map(\.inMilliseconds)).median
    values[.timeToFirstTokenWarm] = Quantiles(warm.map(\.inMilliseconds)).median
    let parts: [(Metric, (Reading) -> Duration?)] = [
      (.timeToConnect, \.timeToConnect), (.timeToAsk, \.timeToAsk), (.timeToWait, \.timeToWait),
    ]
    // They are parts of what a cold reader waits for.
    for (metric, part) in parts {
      values[metric] = Quantiles(readings.filter { !$0.isWarm }.compactMap(part).map(\.inMilliseconds)).median
    }
    values[.timePerOutputToken] =
      Quantiles(readings.compactMap(\.timePerOutputToken).map(\.inMilliseconds)).median
    let stalled = readings.compactMap(\.stalledShare)
    if !stalled.isEmpty { values[.timeStalled] = stalled.reduce(0, +) / Double(stalled.count) * 100 }
    values[.timeWaiting] = Quantiles(readings.compactMap(\.waitingShare).map { $0 * 100 }).median

    let delays = ReadersSamples(readings.map(\.delaySamples))
    let gapsByReader = ReadersSamples(readings.map(\.gapSamples))
    values[.delayMedian] = delays.pooled.median
    values[.gapMedian] = gapsByReader.pooled.median
    addTail([(.delay99, delays), (.delay999, delays), (.gap99, gapsByReader)])
    let gaps = readings.flatMap(\.gaps)
    if !gaps.isEmpty { values[.bunching] = Double(gaps.count { $0 == .zero }) / Double(gaps.count) }
  }

  private mutating func addTail(_ tail: [(Metric, ReadersSamples)]) {
    effectiveSamples = [:]
    for (metric, samples) in tail {
      guard let quantile = metric.quantile, samples.pooled.count > 0 else { continue }
      values[metric] = samples.pooled.value(at: quantile)
      effectiveSamples?[metric] = samples.effectiveCount(at: quantile)
    }
  }

  private mutating func addCosts(_ readings: [Reading]) {
    guard ledger.delivered > 0 else { return }
    let costs: [(Metric, (Reading) -> Int)] = [
      (.requests, \.requests), (.connections, \.connections),
      (.bytesDown, \.down.total), (.bytesDownPayload, \.down.payload), (.bytesDownFraming, \.down.framing),
      (.bytesDownHeads, \.down.heads), (.bytesUp, \.up.total), (.bytesUpHeads, \.up.heads),
      (.segments, { $0.segmentsUp + $0.segmentsDown }),
    ]
    // A sum that leaves a connection out is none.
    let isCounted = readings.allSatisfy(\.isCounted)
    let isSplit = readings.allSatisfy(\.isSplit)
    for (metric, cost) in costs where isCounted || !metric.isOfKernel {
      guard isSplit || metric != .bytesDownPayload && metric != .bytesDownFraming else { continue }
      values[metric] = Double(readings.reduce(0) { $0 + cost($1) }) / Double(ledger.delivered)
    }
  }
}

extension TrialMeasurement {
  /// Finds the reasons to trust the trial less in what was noted of the lab itself.
  public mutating func doubtItself() {
    if readersProcessorShare > 0.8 { doubts.append(.readersBusy(share: readersProcessorShare)) }
    if serverProcessorShare > 0.8 { doubts.append(.serverBusy(share: serverProcessorShare)) }
    if longestWait > 0.05 { doubts.append(.processorsShared(share: longestWait)) }
    if eventLoopLagMilliseconds > 5 { doubts.append(.eventLoopLag(milliseconds: eventLoopLagMilliseconds)) }
    if let link, link.latestMilliseconds > 5 {
      doubts.append(.linkLate(milliseconds: link.latestMilliseconds))
    }
    if let lateness = scheduleLatenessMilliseconds, lateness > 1 {
      doubts.append(.scheduleLate(milliseconds: lateness))
    }
  }
}

/// What a stream must meet to count as good.
public struct GoodputLimits: Hashable, Sendable, Codable {
  /// Longest time to first token.
  public var timeToFirstToken: Duration?
  /// Longest delay of any token.
  public var delay: Duration?

  public init(timeToFirstToken: Duration?, delay: Duration?) {
    self.timeToFirstToken = timeToFirstToken
    self.delay = delay
  }

  func areMet(by reading: Reading) -> Bool {
    guard reading.failure == nil, let first = reading.timeToFirstToken else { return false }
    return first <= timeToFirstToken ?? first
      && reading.delays.allSatisfy { $0 <= delay ?? $0 }
      && reading.ledger.isClean
  }
}

extension Reading {
  /// A stream that was stopped on purpose has as many tokens as were to come until then.
  var ledger: Ledger {
    Ledger(arrivals, expected: 0..<(expectedCount ?? offsets.count))
  }

  public var timeToFirstToken: Duration? {
    arrivals.first.map { asked.duration(to: $0.at) }
  }

  /// Over the tokens after the first; nil for fewer than two.
  public var timePerOutputToken: Duration? {
    guard arrivals.count > 1, let first = arrivals.first, let last = arrivals.last else { return nil }
    return first.at.duration(to: last.at) / (arrivals.count - 1)
  }

  /// From each token's intended instant, never from when the server got round to writing it: a late server
  /// must not make its own lateness disappear (coordinated omission).
  public var delays: [Duration] {
    scheduled.map { started.advanced(by: offsets[$0.index]).duration(to: $0.at) }
  }

  /// Without tokens that were never planned.
  private var scheduled: [Arrival] { arrivals.filter { offsets.indices.contains($0.index) } }

  /// Between consecutive arrivals.
  public var gaps: [Duration] {
    zip(arrivals, arrivals.dropFirst()).map { $0.at.duration(to: $1.at) }
  }

  fileprivate var delaySamples: [ReadersSamples.Sample] {
    zip(scheduled, delays).map { ReadersSamples.Sample(value: $1.inMilliseconds, at: $0.at) }
  }

  fileprivate var gapSamples: [ReadersSamples.Sample] {
    zip(arrivals.dropFirst(), gaps).map { ReadersSamples.Sample(value: $1.inMilliseconds, at: $0.at) }
  }
}
