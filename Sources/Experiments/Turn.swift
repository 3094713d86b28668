import Foundation
import LabClient
import Measurement
import MonotonicTime

/// One entry's turn in a trial: the readings, and what they cost the two processes meanwhile.
struct Turn {
  var readings: [Reading]
  var measurement: TrialMeasurement
}

/// Measures turns, against one server.
struct TurnMeter {
  let server: ServerProcess
  let reader: Reader
  let lag: EventLoopLag
  private let processors: Processors
  private let browserCode: BrowserCode
  /// Processor time and switches that the idle server takes a second.
  private let idle: (processor: Double, switches: Double)

  init(server: ServerProcess, reader: Reader, processors: Processors, browserCode: BrowserCode) async {
    self.server = server
    self.reader = reader
    self.processors = processors
    self.browserCode = browserCode
    lag = reader.watchLag()
    guard let before = ProcessUsage(of: server.processIdentifier) else {
      idle = (0, 0)
      return
    }
    try? await Task.sleep(for: .milliseconds(500))
    let after = ProcessUsage(of: server.processIdentifier) ?? before
    let seconds = before.at.duration(to: after.at).inSeconds
    idle = (after.share(since: before), Double(after.contextSwitches - before.contextSwitches) / seconds)
  }

  /// A turn whose surroundings cannot start is one that failed, with no numbers.
  func measure(_ entry: Experiment.Entry, trial: Int, of experiment: Experiment, _ expected: ExpectedTokens)
    async
    -> Turn
  {
    let residentBefore = ProcessUsage(of: server.processIdentifier)?.residentBytes
    let readers = experiment.readers(under: entry.condition)
    let surroundings: Surroundings
    do throws(ExperimentError) {
      surroundings = try await Surroundings(of: entry, readers: readers, expected.question, server, reader)
    } catch {
      let failed = TrialMeasurement(
        entry: entry.name, trial: trial, readers: readers, tokens: entry.condition.tokensTaken,
        failure: error.description)
      return Turn(readings: [], measurement: failed)
    }
    let own = ProcessInfo.processInfo.processIdentifier
    let scheduleBefore = await scheduleLateness()
    let machine = MachineState()
    let serverBefore = ProcessUsage(of: server.processIdentifier)
    let readersBefore = ProcessUsage(of: own)
    _ = lag.takeWorst()
    let process = server.processIdentifier
    var (readings, failure) = await read(
      entry, trial: trial, readers: readers, expected, surroundings.disturbed)
    let worstLag = lag.takeWorst()
    let serverAfter = ProcessUsage(of: server.processIdentifier)
    let letGo = await surroundings.crowd?.untilLetGo()
    let readersAfter = ProcessUsage(of: own)
    let interruption = await Interruption(
      &readings, stopping: entry.variant.stopping, offsets: expected.offsets, server, reader)
    var measurement = TrialMeasurement(
      entry: entry.name, trial: trial, readings: readings, offsets: expected.offsets,
      limits: experiment.goodput)
    measurement.doubts += MachineState().doubts(since: machine)
    // One that was killed took its account with it.
    if let serverBefore, let serverAfter, process == server.processIdentifier {
      measurement.add(serverBefore, serverAfter, idle: idle)
    }
    if let readersBefore, let readersAfter {
      measurement.readersProcessorShare = readersAfter.share(since: readersBefore)
      measurement.readersProcessorMicroseconds =
        (readersAfter.processorTime - readersBefore.processorTime).inSeconds * 1e6
    }
    measurement.eventLoopLagMilliseconds = worstLag.inMilliseconds
    if let scheduleBefore, let after = await scheduleLateness(), after.tokens > scheduleBefore.tokens {
      measurement.scheduleLatenessMilliseconds =
        (after.seconds - scheduleBefore.seconds) * 1e3 / (after.tokens - scheduleBefore.tokens)
    }
    if let residentBefore, let serverAfter {
      measurement.values[.residentGrowth] = Double(serverAfter.residentBytes - residentBefore) / 1e6
    }
    interruption.add(to: &measurement)
    measurement.values[.browserLines] = browserCode.lines(of: entry.variant).map(Double.init)
    measurement.values[.letGo] = letGo?.inSeconds
    if surroundings.crowd != nil, letGo == nil {
      measurement.failures.append("the stalled readers were not let go in time")
    }
    if let failure { measurement.failures.append(failure) }
    measurement.doubtItself(metrics: experiment.metrics, samples: experiment.samplesPerTrial)
    return Turn(readings: readings, measurement: measurement)
  }

  /// All readers, their streams' phases spread over one gap, so that they tick one after the other as real
  /// users' streams would. Every other one asks on a warm connection.
  /// - Returns: what they saw, and what kept the server from coming back where it was to.
  private func read(
    _ entry: Experiment.Entry, trial: Int, readers: Int, _ expected: ExpectedTokens, _ disturbed: Disturbed
  ) async -> ([Reading], failure: String?) {
    let variant = entry.variant
    let phase = Duration.seconds(1 / expected.question.pacing.rate) / readers
    var plan = ReadingPlan(server: server.address, variant: variant, expected: expected)
    // Who lost the rest and does not know it waits no longer than it takes to see that nothing comes.
    if variant.recovery == .naive { plan.patience = .seconds(3) }
    plan.stopAfter = entry.condition.stopAfter
    let common = plan
    let (readings, failure) = await withTaskGroup(of: (Int, Reading).self) { group in
      for number in 0..<readers {
        var plan = common
        if let address = disturbed.address(ofReader: number) { plan.server = address }
        plan.seed = expected.question.seed &* 1_000 &+ UInt64(number)
        plan.isWarm = !(number + trial).isMultiple(of: 2)
        group.addTask { [plan, reader] in
          try? await Task.sleep(for: phase * number)
          return (number, await reader.read(plan))
        }
      }
      var failure: String?
      do {
        try await disturbed.act(on: server, processors: processors)
      } catch {
        failure = "\(error)"
      }
      return (await group.reduce(into: [(Int, Reading)]()) { $0.append($1) }, failure)
    }
    await disturbed.end()
    return (readings.sorted { $0.0 < $1.0 }.map(\.1), failure)
  }

  /// What the server itself says of its punctuality.
  private func scheduleLateness() async -> (seconds: Double, tokens: Double)? {
    guard let text = try? await reader.get("/metrics", from: server.address) else { return nil }
    guard let seconds = metric("pushlab_schedule_lateness_seconds_total", in: text),
      let tokens = metric("pushlab_tokens_generated_total", in: text)
    else { return nil }
    return (seconds, tokens)
  }
}

/// A sample of a Prometheus text, by the whole of its name and labels.
func metric(_ name: String, in text: String) -> Double? {
  for line in text.split(separator: "\n") where line.hasPrefix(name + " ") {
    return Double(line.dropFirst(name.count + 1))
  }
  return nil
}
