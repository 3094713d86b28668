import Edge
import Foundation
import LabClient
import LinkedNetworks
import Links
import Machine
import Measurement
import MonotonicTime
import Readings
import Results

/// One entry's turn in a trial: the readings, and what they cost the two processes meanwhile.
struct Turn {
  var readings: [Reading]
  var measurement: TrialMeasurement
}

extension Turn {
  /// One that could not be taken, with no numbers.
  fileprivate init(
    of entry: Experiment.Entry, _ place: TrialPlace, _ questions: [ExpectedTokens], failed words: String
  ) {
    self.init(
      readings: [],
      measurement: TrialMeasurement(
        entry: entry.name, run: place.run, trial: place.trial, readers: questions.count,
        tokens: entry.condition.tokensTaken, failure: words))
  }
}

/// Measures turns, against one server.
struct TurnMeter {
  let server: MeasuredServer
  let edges: Edges
  let reader: Reader
  let lag: EventLoopLag
  private let link: Link?
  let processors: Processors
  private let browserCode: BrowserCode
  private let idle: Idleness

  /// What both processes take a second when nobody reads.
  struct Idleness {
    var server = ProcessPace()
    var readers = ProcessPace()
    /// As shares of one processor.
    var edges: [Proxy: Double] = [:]
  }

  init(
    server: MeasuredServer, edges: Edges, reader: Reader, lag: EventLoopLag, link: Link?,
    processors: Processors,
    browserCode: BrowserCode
  ) async {
    self.server = server
    self.edges = edges
    self.reader = reader
    self.link = link
    self.processors = processors
    self.browserCode = browserCode
    self.lag = lag
    let edgesBefore = edges.usages
    let before = BothUsages(server)
    try? await Task.sleep(for: .milliseconds(500))
    let after = BothUsages(server)
    idle = Idleness(
      server: ProcessPace(before.server, after.server), readers: ProcessPace(before.readers, after.readers),
      edges: edges.usages.reduce(into: [:]) { shares, edge in
        shares[edge.key] = edgesBefore[edge.key].map { edge.value.share(since: $0) }
      })
  }

  /// A turn whose surroundings cannot start is one that failed, with no numbers.
  func measure(_ entry: Experiment.Entry, _ place: TrialPlace, of experiment: Experiment) async -> Turn {
    let questions = (0..<experiment.readers(under: entry.condition)).map {
      ExpectedTokens(
        experiment.question(place, reader: $0, entry.condition), from: entry.condition.source)
    }
    do throws(ExperimentError) {
      try change(link, to: entry.condition)
      let clock = try await server.clockOffset(reader)
      let surroundings = try await Surroundings(
        of: entry, questions, server, at: edges.address(for: entry), reader)
      return await measure(entry, place, of: experiment, questions, surroundings, clockBefore: clock)
    } catch {
      return Turn(of: entry, place, questions, failed: error.description)
    }
  }

  private func measure(
    _ entry: Experiment.Entry, _ place: TrialPlace, of experiment: Experiment,
    _ questions: [ExpectedTokens], _ surroundings: Surroundings, clockBefore: ClockOffset?
  ) async -> Turn {
    let scheduleBefore = await scheduleLateness()
    let machine = MachineState()
    let process = server.process
    // Looking costs time, too: it is nobody's here.
    let edgeBefore = edges.usage(of: entry.condition.proxy)
    let before = BothUsages(server)
    _ = lag.takeWorst()
    var (readings, failure) = await read(
      entry, place, questions, surroundings.disturbed, isWarmThroughout: experiment.isWarmThroughout)
    let worstLag = lag.takeWorst()
    let after = BothUsages(server)
    let edgeAfter = edges.usage(of: entry.condition.proxy)
    let machineDoubts = MachineState().doubts(since: machine)
    let tally = Result { () throws(NetworkError) in try link?.takeTally() }
    let dropped = await surroundings.crowd?.untilDropped()
    let clock = await clock(since: clockBefore, &failure)
    // From here on all instants are of this machine's clock.
    if let clock {
      for index in readings.indices { readings[index].started = clock.here(readings[index].started) }
    }
    let stopped = await StoppedStreams(&readings, stopping: entry.variant.stopping, server, clock, reader)
    var measurement = TrialMeasurement(
      entry: entry.name, run: place.run, trial: place.trial, readings: readings, limits: experiment.goodput)
    measurement.doubts += machineDoubts
    if let clock { measurement.doubts.append(.clocksApart(milliseconds: clock.uncertainty.inMilliseconds)) }
    // One that was killed took its account with it.
    let isSameServer = process == server.process
    measurement.add(
      server: isSameServer ? ProcessCost(before.server, after.server, idle: idle.server) : nil,
      readers: ProcessCost(before.readers, after.readers, idle: idle.readers))
    if let edgeBefore, let edgeAfter, let proxy = entry.condition.proxy {
      edgeAfter.time(since: edgeBefore, idle: idle.edges[proxy] ?? 0).map { measurement.add(proxy: $0) }
    }
    if let gone = edges.failure(of: entry.condition.proxy) { measurement.failures.append("\(gone)") }
    measurement.eventLoopLagMilliseconds = worstLag.inMilliseconds
    if isSameServer, let scheduleBefore, let after = await scheduleLateness(),
      after.tokens > scheduleBefore.tokens
    {
      measurement.scheduleLatenessMilliseconds =
        (after.seconds - scheduleBefore.seconds) * 1e3 / (after.tokens - scheduleBefore.tokens)
    }
    if isSameServer, let before = surroundings.residentBytesBefore, let server = after.server {
      measurement.values[.residentGrowth] = Double(server.residentBytes - before) / 1e6
    }
    stopped.add(to: &measurement)
    measurement.values[.browserLines] = browserCode.lines(of: entry.variant).map(Double.init)
    measurement.values[.stalledUntilDropped] = dropped?.inSeconds
    if surroundings.crowd != nil, dropped == nil {
      measurement.failures.append("the stalled readers were not disconnected in time")
    }
    if let failure { measurement.failures.append(failure) }
    measurement.add(tally, of: entry.condition.network)
    measurement.doubtItself()
    return Turn(readings: readings, measurement: measurement)
  }

  /// The clocks' difference over a turn, from looks before and behind it; nil where there is one clock.
  private func clock(since before: ClockOffset?, _ failure: inout String?) async -> ClockOffset? {
    guard let before else { return nil }
    do throws(ExperimentError) {
      return try await server.clockOffset(reader).map { before.joined(with: $0) }
    } catch {
      failure = failure ?? error.description
      return before
    }
  }
}

/// A condition without a network has a link that only leads to the other end.
private func change(_ link: Link?, to condition: Experiment.Condition) throws(ExperimentError) {
  do {
    try link?.become(condition.network ?? .perfect)
  } catch {
    throw ExperimentError(error.description)
  }
}

extension TrialMeasurement {
  /// What the link did meanwhile, or why it does not say.
  fileprivate mutating func add(_ tally: Result<LinkTally?, NetworkError>, of network: LinkProperties?) {
    switch tally {
    case .failure(let error): failures.append(error.description)
    case .success(nil): break
    case .success(let tally?):
      link = tally
      // What the link was asked to lose is no reason to doubt.
      if let network, network.loss > 0 { doubts.removeAll { $0.kind == "retransmissions" } }
    }
  }
}
