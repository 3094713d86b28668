import MonotonicTime
import Testing

@testable import StreamTap

/// How it is told whether somebody gathers.
@Suite struct DeliveryTests {
  private func delivery(_ milliseconds: [Double]) -> Delivery {
    Delivery(
      milliseconds.map { Instant(nanoseconds: Int64($0 * 1e6)) }, asked: Instant(nanoseconds: 0))
  }

  @Test func `one by one, however slow the server is`() {
    #expect(delivery([100, 200, 300, 400]) == .streams)
    #expect(delivery([5_000, 7_000, 9_000, 11_000]) == .streams)
    // A thought of ten seconds, and then a fast model.
    #expect(delivery((0..<60).map { 10_000 + Double($0) * 15 }) == .streams)
  }

  @Test func `now and then two come together`() {
    #expect(delivery([100, 150, 150, 200, 250, 250, 300]) == .streams)
  }

  @Test func `all at once after a wait was held back`() {
    #expect(delivery([1_000, 1_000, 1_000, 1_000]) == .heldBack(count: 4, wait: .seconds(1)))
    #expect(delivery([2_000, 2_001, 2_002, 2_003]) == .heldBack(count: 4, wait: .seconds(2)))
  }

  @Test func `some at a time`() {
    let batches = (1...5).flatMap { batch in Array(repeating: Double(batch) * 200, count: 4) }
    #expect(delivery(batches) == .inBatches(mean: 4, period: .milliseconds(200)))
  }

  @Test func `too few, or all there from the start, say nothing`() {
    for instants: [Double] in [[], [100], [100, 900]] {
      guard case .unknown = delivery(instants) else {
        Issue.record("\(instants) was judged")
        continue
      }
    }
    guard case .unknown = delivery([3, 3, 3, 3, 3]) else {
      Issue.record("what was there at once was judged")
      return
    }
  }
}
