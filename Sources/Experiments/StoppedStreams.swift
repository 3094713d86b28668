import LabClient
import Machine
import Measurement
import MonotonicTime
import Readings
import Wire

/// What came of the readers' word to stop.
struct StoppedStreams {
  /// By reader that asked: how long the generation went on, and how many tokens it made meanwhile.
  private var outcomes: [(time: Duration, tokens: Int)] = []

  /// Asks the server how the stopped streams ended, and tells the readings how many tokens were to come.
  init(
    _ readings: inout [Reading], stopping: Stopping, _ server: MeasuredServer, _ clock: ClockOffset?,
    _ reader: Reader
  ) async {
    for index in readings.indices {
      guard let asked = readings[index].stopAsked, let stream = readings[index].stream else { continue }
      guard let state = await Self.end(of: stream, server, reader),
        let ended = state.ended.map(Instant.init(nanoseconds:))
      else {
        readings[index].failure =
          readings[index].failure ?? "the server did not say how a stopped stream ended"
        continue
      }
      let started = readings[index].started
      let dueAfter = readings[index].offsets.prefix(state.next).count { started.advanced(by: $0) > asked }
      outcomes.append((asked.duration(to: clock?.here(ended) ?? ended), dueAfter))
      // Who left the stream sees nothing of what came behind.
      let leaves = stopping == .close
      readings[index].expectedCount = leaves ? readings[index].arrivals.count : state.next
    }
  }

  func add(to measurement: inout TrialMeasurement) {
    guard !outcomes.isEmpty else { return }
    let times = Quantiles(outcomes.map { $0.time.inMilliseconds })
    measurement.values[.stopMedian] = times.median
    measurement.values[.stopWorst] = times.value(at: 1)
    measurement.values[.tokensAfterStop] =
      Double(outcomes.reduce(0) { $0 + $1.tokens }) / Double(outcomes.count)
  }

  /// A server hears of a reader's leaving a moment later; one that never does is asked no longer than this.
  private static func end(of stream: StreamStarted, _ server: MeasuredServer, _ reader: Reader) async
    -> StreamState?
  {
    let giveUp = Instant.now.advanced(by: .seconds(5))
    while Instant.now < giveUp {
      guard let state = try? await reader.state(of: stream, at: server.address) else { return nil }
      if state.done { return state }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return nil
  }
}
