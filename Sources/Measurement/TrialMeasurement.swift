import LabClient
import MonotonicTime

/// What one trial of one entry showed.
public struct TrialMeasurement: Sendable, Codable {
  /// The entry's name.
  public var entry: String
  /// Counted from 0; all entries of a trial share its schedule.
  public var trial: Int
  public var values: [Metric: Double]
  public var ledger: Ledger
  /// What readers could not go on after, each once.
  public var failures: [String]
  public var doubts: [Doubt] = []
  /// The lab's own noise: what the readers' process used, in shares of one processor and in all.
  public var readersProcessorShare = 0.0
  public var readersProcessorMicroseconds = 0.0
  /// The server's.
  public var serverProcessorShare = 0.0
  /// The readers' event loop's longest.
  public var eventLoopLagMilliseconds = 0.0
  /// From tokens' instants to their appending, on average.
  public var scheduleLatenessMilliseconds = 0.0

  /// - Parameters:
  ///   - offsets: the schedule, token by token.
  ///   - limits: what a stream must meet to count as good; nil measures no goodput.
  public init(
    entry: String, trial: Int, readings: [Reading], offsets: [Duration], limits: GoodputLimits? = nil
  ) {
    self.entry = entry
    self.trial = trial
    ledger = readings.reduce(Ledger()) { $0 + $1.ledger(offsets) }
    failures = Set(readings.compactMap(\.failure)).sorted()
    values = [:]
    addTimes(readings, offsets)
    addCosts(readings)
    addOutages(readings)
    if let limits, !readings.isEmpty {
      let good = readings.count { limits.areMet(by: $0, offsets) }
      values[.goodput] = Double(good) / Double(readings.count)
    }
    let retransmissions = readings.reduce(0) { $0 + $1.retransmissions }
    if retransmissions > 0 { doubts.append(.retransmissions(retransmissions)) }
    let extra = readings.reduce(0) { $0 + $1.unexplainedConnections }
    if extra > 0 { doubts.append(.keepAliveLost(extra)) }
  }

  /// A trial whose readers could not read: it has no numbers, and what they were to get is lost.
  /// - Parameter tokens: what each reader was to get.
  public init(entry: String, trial: Int, readers: Int, tokens: Int, failure: String) {
    self.entry = entry
    self.trial = trial
    ledger = Ledger()
    ledger.lost = readers * tokens
    failures = [failure]
    values = [:]
  }

  private mutating func addTimes(_ readings: [Reading], _ offsets: [Duration]) {
    let cold = readings.filter { !$0.isWarm }.compactMap(\.timeToFirstToken)
    let warm = readings.filter(\.isWarm).compactMap(\.timeToFirstToken)
    values[.timeToFirstTokenCold] = Quantiles(cold.map(\.inMilliseconds)).median
    values[.timeToFirstTokenWarm] = Quantiles(warm.map(\.inMilliseconds)).median
    values[.timePerOutputToken] =
      Quantiles(readings.compactMap(\.timePerOutputToken).map(\.inMilliseconds)).median

    let delays = Quantiles(readings.flatMap { $0.delays(offsets) }.map(\.inMilliseconds))
    let gaps = readings.flatMap(\.gaps).map(\.inMilliseconds)
    let gapQuantiles = Quantiles(gaps)
    values[.delayMedian] = delays.median
    values[.gapMedian] = gapQuantiles.median
    for (metric, samples) in [(Metric.delay99, delays), (.delay999, delays), (.gap99, gapQuantiles)]
    where samples.count >= metric.samplesNeeded {
      values[metric] = samples.value(at: metric.quantile ?? 1)
    }
    if !gaps.isEmpty { values[.bunching] = Double(gaps.count { $0 == 0 }) / Double(gaps.count) }
  }

  private mutating func addCosts(_ readings: [Reading]) {
    guard ledger.delivered > 0 else { return }
    let costs: [(Metric, (Reading) -> Int)] = [
      (.requests, \.requests), (.connections, \.connections),
      (.bytesDown, \.down.total), (.bytesDownPayload, \.down.payload), (.bytesDownFraming, \.down.framing),
      (.bytesDownHeads, \.down.heads), (.bytesUp, \.up.total), (.bytesUpHeads, \.up.heads),
      (.segments, { $0.segmentsUp + $0.segmentsDown }),
    ]
    for (metric, cost) in costs {
      values[metric] = Double(readings.reduce(0) { $0 + cost($1) }) / Double(ledger.delivered)
    }
  }
}

extension TrialMeasurement {
  /// What the trial cost the server's process.
  /// - Parameter idle: what it takes a second when nobody reads: shares of a processor, and switches.
  public mutating func add(
    _ before: ProcessUsage, _ after: ProcessUsage, idle: (processor: Double, switches: Double)
  ) {
    serverProcessorShare = after.share(since: before)
    guard ledger.delivered > 0 else { return }
    let seconds = before.at.duration(to: after.at).inSeconds
    let tokens = Double(ledger.delivered)
    let used = (after.processorTime - before.processorTime).inSeconds - idle.processor * seconds
    values[.serverProcessor] = max(0, used) * 1e6 / tokens
    let switches = Double(after.contextSwitches - before.contextSwitches) - idle.switches * seconds
    values[.contextSwitches] = max(0, switches) / tokens
  }

  /// Finds the reasons to trust the trial less in what was noted of the lab itself.
  /// - Parameters:
  ///   - metrics: what is going to be shown.
  ///   - samples: how many tokens the trial was to bring.
  public mutating func doubtItself(metrics: [Metric], samples: Int) {
    if readersProcessorShare > 0.8 { doubts.append(.readersBusy(share: readersProcessorShare)) }
    if serverProcessorShare > 0.8 { doubts.append(.serverBusy(share: serverProcessorShare)) }
    if eventLoopLagMilliseconds > 5 { doubts.append(.eventLoopLag(milliseconds: eventLoopLagMilliseconds)) }
    if scheduleLatenessMilliseconds > 1 {
      doubts.append(.scheduleLate(milliseconds: scheduleLatenessMilliseconds))
    }
    for metric in metrics where samples < metric.samplesNeeded {
      doubts.append(.tooFewSamples(metric, count: samples))
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

  func areMet(by reading: Reading, _ offsets: [Duration]) -> Bool {
    guard reading.failure == nil, let first = reading.timeToFirstToken else { return false }
    return first <= timeToFirstToken ?? first
      && reading.delays(offsets).allSatisfy { $0 <= delay ?? $0 }
      && reading.ledger(offsets).isClean
  }
}

extension Reading {
  /// A stream that was stopped on purpose has as many tokens as were to come until then.
  func ledger(_ offsets: [Duration]) -> Ledger {
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
  public func delays(_ offsets: [Duration]) -> [Duration] {
    arrivals.filter { offsets.indices.contains($0.index) }.map { arrival in
      started.advanced(by: offsets[arrival.index]).duration(to: arrival.at)
    }
  }

  /// Between consecutive arrivals.
  public var gaps: [Duration] {
    zip(arrivals, arrivals.dropFirst()).map { $0.at.duration(to: $1.at) }
  }
}
