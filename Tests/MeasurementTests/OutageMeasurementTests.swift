import LabClient
import Measurement
import Readings
import Testing

@Suite struct OutageMeasurementTests {
  private func outage(last: Int?, first: Int?, requests: Int, connections: Int = 1) -> Outage {
    var outage = Outage(cause: "the connection ended", noticed: Readings.at(1), lastBefore: nil)
    outage.lastBefore = last.map { Readings.at($0) }
    outage.firstAfter = first.map { Readings.at($0) }
    outage.requests = requests
    outage.connections = connections
    return outage
  }

  private func reading(_ outages: [Outage], _ recovery: Recovery = .resume(Resumption())) -> Reading {
    var reading = Readings.steady
    reading.recovery = recovery
    reading.outages = outages
    reading.connections = 1 + outages.reduce(0) { $0 + $1.connections }
    return reading
  }

  private func measure(_ readings: [Reading]) -> TrialMeasurement {
    TrialMeasurement(entry: "e", trial: 0, readings: readings)
  }

  @Test func `outages are counted and timed over all readers`() {
    let trial = measure([
      reading([outage(last: 10, first: 30, requests: 1), outage(last: 50, first: 90, requests: 4)]),
      reading([outage(last: 0, first: 300, requests: 1)]), reading([]), reading([]),
    ])
    #expect(trial.values[.outageMedian] == 40)
    #expect(trial.values[.outageWorst] == 300)
    #expect(trial.values[.recoveryRequests] == 2)
    #expect(trial.values[.outages] == 0.75)
    #expect(trial.doubts == [])
  }

  @Test func `an outage that never ended, or began before the first token, has no length`() {
    let trial = measure([
      reading([outage(last: nil, first: 30, requests: 1)], .naive),
      reading([outage(last: 10, first: nil, requests: 0, connections: 0)], .naive),
    ])
    #expect(trial.values[.outageMedian] == nil)
    #expect(trial.values[.outageWorst] == nil)
    #expect(trial.values[.recoveryRequests] == 1)
    #expect(trial.values[.outages] == 1)
  }

  @Test func `where no outage ended, nothing is said of what recovery took`() {
    let trial = measure([reading([outage(last: 10, first: nil, requests: 0, connections: 0)], .naive)])
    #expect(trial.values[.recoveryRequests] == nil)
    #expect(trial.values[.outages] == 1)
  }

  @Test func `that nothing was lost is a number; readers that do not come back have none`() {
    #expect(measure([reading([])]).values[.outages] == 0)
    #expect(measure([reading([])]).values[.recoveryRequests] == nil)
    #expect(measure([Readings.steady]).values[.outages] == nil)
  }

  @Test func `connections that no outage explains are still doubted`() {
    var lax = reading([outage(last: 10, first: 30, requests: 1, connections: 2)])
    lax.connections = 5
    #expect(measure([lax, reading([])]).doubts == [.keepAliveLost(2)])
  }
}
