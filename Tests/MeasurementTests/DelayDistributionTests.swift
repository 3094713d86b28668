import Measurement
import Testing

@Suite struct DelayDistributionTests {
  private func distribution(_ delays: some Sequence<Duration>) -> DelayDistribution {
    var distribution = DelayDistribution()
    for delay in delays { distribution.record(delay) }
    return distribution
  }

  @Test func `without delays there are no points`() {
    #expect(DelayDistribution().count == 0)
    #expect(DelayDistribution().points == [])
  }

  @Test func `one delay is the only point`() {
    let distribution = distribution([.milliseconds(250)])
    #expect(distribution.count == 1)
    #expect(distribution.points.map(\.quantile) == [0])
    #expect(distribution.points.allSatisfy { abs($0.milliseconds / 250 - 1) < 0.001 })
  }

  @Test(arguments: [5, 100, 1_000, 20_000])
  func `the points go as far out as five delays lie beyond`(_ count: Int) throws {
    let points = distribution((1...count).map { .microseconds($0 * 10) }).points
    #expect(points.first?.quantile == 0)
    let quantile = try #require(points.last?.quantile)
    let beyond = (1 - quantile) * Double(count)
    #expect(beyond >= 5 && beyond * 0.8 < 5, "\(beyond)")
    #expect(points.map(\.quantile) == points.map(\.quantile).sorted())
    #expect(points.map(\.milliseconds) == points.map(\.milliseconds).sorted())
  }

  @Test func `a point is the delay of its quantile, to three digits`() {
    let points = distribution((1...10_000).map { .microseconds($0 * 100) }).points
    for point in points.dropFirst() {
      #expect(abs(point.milliseconds / (point.quantile * 1_000) - 1) < 0.002, "\(point)")
    }
  }

  @Test func `a quantile is told where five delays lie beyond it`() throws {
    let distribution = distribution((1...500).map { .milliseconds($0) })
    #expect(try abs(#require(distribution.milliseconds(at: 0.5)) - 250) < 1)
    #expect(try abs(#require(distribution.milliseconds(at: 0.99)) - 495) < 1)
    #expect(distribution.milliseconds(at: 0.999) == nil)
    #expect(DelayDistribution().milliseconds(at: 0.5) == nil)
  }

  @Test func `the tail keeps its digits beside small delays`() throws {
    let delays = Array(repeating: Duration.microseconds(20), count: 990)
    let points = distribution(delays + Array(repeating: .seconds(75), count: 10)).points
    #expect(points.first?.milliseconds == 0.02)
    #expect(try abs(#require(points.last).milliseconds / 75_000 - 1) < 0.001)
  }

  @Test(arguments: [Duration.zero, .nanoseconds(999), .nanoseconds(-1), .seconds(-3)])
  func `what is below a microsecond counts as zero`(_ delay: Duration) {
    let distribution = distribution([delay])
    #expect(distribution.count == 1)
    #expect(distribution.points.map(\.milliseconds) == [0])
  }
}
