import Links
import MonotonicTime
import Testing

@testable import Network

/// What a link does to packets, without a packet.
@Suite struct LaneTests {
  private let start = Instant(nanoseconds: 1_000_000_000)

  private func milliseconds(_ lane: inout Lane, _ count: Int, at offset: Double = 0) -> Double? {
    let sent = start.advanced(by: Duration(roundedSeconds: offset / 1e3))
    return lane.due(packetOf: count, at: sent).map { start.duration(to: $0).inMilliseconds }
  }

  @Test func `a packet takes the delay`() {
    var lane = Lane(LinkProperties(delayMilliseconds: 50), seed: 1)
    #expect(milliseconds(&lane, 1_500) == 50)
    #expect(milliseconds(&lane, 40, at: 7) == 57)
  }

  @Test func `packets are sent one after the other`() {
    // 1,500 bytes are 12,000 bits, and 12 Mbit/s send those in a millisecond.
    var lane = Lane(LinkProperties(delayMilliseconds: 10, megabitsPerSecond: 12), seed: 1)
    #expect(milliseconds(&lane, 1_500) == 11)
    #expect(milliseconds(&lane, 1_500) == 12)
    #expect(milliseconds(&lane, 750, at: 1.5) == 12.5)
    #expect(milliseconds(&lane, 1_500, at: 100) == 111)
  }

  @Test func `what would wait too long is dropped, and what comes later is not`() {
    var lane = Lane(LinkProperties(megabitsPerSecond: 12), seed: 1)
    let dues = (0..<300).map { _ in milliseconds(&lane, 1_500) }
    // Each waits a millisecond more than the one before it.
    #expect(dues.prefix(251).allSatisfy { $0 != nil } && dues.dropFirst(251).allSatisfy { $0 == nil })
    #expect(milliseconds(&lane, 1_500, at: 300) == 301)
    #expect(lane.tally.packets == 301 && lane.tally.overflowed == 49 && lane.tally.lost == 0)
  }

  @Test func `jitter stays within its bounds and in order`() {
    var lane = Lane(LinkProperties(delayMilliseconds: 50, jitterMilliseconds: 20), seed: 1)
    var last = 0.0
    var extremes = (least: Double.infinity, most: 0.0)
    for number in 0..<2_000 {
      let sent = Double(number) * 100
      let due = milliseconds(&lane, 100, at: sent) ?? 0
      #expect(due >= last && (30...70).contains(due - sent))
      extremes = (min(extremes.least, due - sent), max(extremes.most, due - sent))
      last = due
    }
    #expect(extremes.least < 31 && extremes.most > 69)
  }

  @Test func `no packet overtakes another`() {
    var lane = Lane(LinkProperties(delayMilliseconds: 50, jitterMilliseconds: 50), seed: 3)
    let dues = (0..<2_000).compactMap { milliseconds(&lane, 100, at: Double($0)) }
    #expect(dues == dues.sorted() && dues.count == 2_000)
  }

  @Test(arguments: [1.0, 6.0])
  func `as much is lost as was asked for, in bursts of that length`(_ burst: Double) {
    let link = LinkProperties(loss: 0.03, lossBurst: burst)
    var loss = PacketLoss(seed: 7)
    let fates = (0..<400_000).map { _ in loss.losesNext(link) }
    let lost = fates.count(where: \.self)
    #expect(abs(Double(lost) / 400_000 - 0.03) < LinkCheck.chance(link, of: 400_000))
    let bursts = zip([false] + fates, fates).count { !$0 && $1 }
    // Where each is lost by itself, now and then the next one is too.
    let expected = burst == 1 ? 1 / (1 - 0.03) : burst
    #expect(abs(Double(lost) / Double(bursts) / expected - 1) < 0.05)
  }

  @Test func `nothing is lost, and all is`() {
    var loss = PacketLoss(seed: 1)
    #expect(!(0..<1_000).contains { _ in loss.losesNext(LinkProperties()) })
    #expect((0..<1_000).allSatisfy { _ in loss.losesNext(LinkProperties(loss: 1)) })
  }

  @Test func `a lost packet took the sender's time`() {
    var lane = Lane(LinkProperties(loss: 0.5, megabitsPerSecond: 12), seed: 1)
    let dues = (1...100).map { ($0, milliseconds(&lane, 1_500)) }
    #expect(dues.contains { $0.1 == nil })
    #expect(dues.allSatisfy { number, due in due == nil || due == Double(number) })
  }

  @Test func `another link does not wait for what the first one carries`() {
    var lane = Lane(LinkProperties(delayMilliseconds: 100), seed: 1)
    var queue = PacketQueue()
    queue.append([1], due: start.advanced(by: .milliseconds(milliseconds(&lane, 100) ?? 0)))
    lane.become(LinkProperties(delayMilliseconds: 1), at: start)
    queue.hasten(to: start)
    #expect(queue.firstDue == start)
    #expect(milliseconds(&lane, 100) == 1)
  }

  @Test func `packets come out as they came in, however many there were`() {
    var queue = PacketQueue()
    var taken: [UInt8] = []
    for round in 0..<40 {
      for number in 0..<100 { queue.append([UInt8(truncatingIfNeeded: round * 100 + number)], due: start) }
      for _ in 0..<(round < 20 ? 60 : 140) { taken += queue.removeFirst() }
    }
    #expect(queue.firstDue == nil)
    #expect(taken == (0..<4_000).map { UInt8(truncatingIfNeeded: $0) })
  }
}
