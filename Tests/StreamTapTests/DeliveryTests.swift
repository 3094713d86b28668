import MonotonicTime
import Testing

@testable import StreamTap

/// How it is told whether somebody gathers.
@Suite struct DeliveryTests {
  private func delivery(_ milliseconds: [Double]) -> Delivery {
    var reads = 0
    var last: Double?
    return Delivery(
      milliseconds.map {
        // What one read brought shares its instant.
        if let last, $0 > last { reads += 1 }
        last = $0
        return Delivery.Part(at: Instant(nanoseconds: Int64($0 * 1e6)), read: reads)
      }, heard: Instant(nanoseconds: 0))
  }

  @Test func `one by one, however slow the server is`() {
    #expect(delivery([100, 200, 300, 400]) == .streams(arrivals: 4))
    #expect(delivery([5_000, 7_000, 9_000, 11_000]) == .streams(arrivals: 4))
    // A thought of ten seconds, and then a fast model with a short answer.
    #expect(delivery((0..<4).map { 10_000 + Double($0) * 80 }) == .streams(arrivals: 4))
    #expect(delivery((0..<60).map { 10_000 + Double($0) * 15 }) == .streams(arrivals: 60))
  }

  @Test(arguments: [6.0, 3, 1.1])
  func `one by one, however fast the server is`(_ gap: Double) {
    #expect(delivery((0..<150).map { 400 + Double($0) * gap }) == .streams(arrivals: 150))
  }

  @Test func `one that is early does not hide that the others were held back`() {
    let parts = [10] + (0..<50).map { 2_010 + Double($0 / 10) }
    #expect(delivery(parts) == .heldBack(count: 50, silence: .seconds(2)))
  }

  @Test func `now and then two come together`() {
    #expect(delivery([100, 150, 150, 200, 250, 250, 300]) == .streams(arrivals: 5))
  }

  @Test func `all at once after a silence was held back`() {
    #expect(delivery([1_000, 1_000, 1_000, 1_000]) == .heldBack(count: 4, silence: .seconds(1)))
    // Over several reads, as what is larger than one of them comes.
    #expect(delivery((0..<40).map { 2_000 + Double($0 / 10) }) == .heldBack(count: 40, silence: .seconds(2)))
  }

  @Test func `some at a time, over several reads or one`() {
    for read in [0.0, 0.05] {
      let batches = (1...5).flatMap { batch in (0..<4).map { Double(batch) * 200 + Double($0) * read } }
      guard case .inBatches(let mean, let period) = delivery(batches) else {
        Issue.record("\(read)")
        continue
      }
      #expect(mean == 4 && abs(period.inMilliseconds - 200) < 1)
    }
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
