import Links
import MonotonicTime
import Testing

@testable import LinkedNetworks

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
    let tally = lane.takeTally(latest: .zero)
    #expect(tally.packets == 301 && tally.overflowed == 49 && tally.lost == 0)
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

  /// A packet of TCP from this port.
  private func flow(_ port: UInt8) -> Flow {
    var packet = [UInt8](repeating: 0, count: 40)
    packet[0] = 0x45
    packet[9] = 6
    packet[21] = port
    return packet.withUnsafeBytes { Flow($0) }
  }

  @Test func `no packet overtakes another of its connection, and those of others do`() {
    var lane = Lane(LinkProperties(delayMilliseconds: 50, jitterMilliseconds: 50), seed: 3)
    var dues: [UInt8: [Instant]] = [:]
    var all: [Instant] = []
    for number in 0..<2_000 {
      let port = UInt8(number % 10)
      let sent = start.advanced(by: .milliseconds(number))
      guard let due = lane.due(packetOf: 100, of: flow(port), at: sent) else { continue }
      dues[port, default: []].append(due)
      all.append(due)
    }
    #expect(all.count == 2_000 && all != all.sorted())
    #expect(dues.count == 10 && dues.values.allSatisfy { $0 == $0.sorted() })
  }

  @Test func `connections do not make one another later`() {
    // One packet of each of many connections in a millisecond: the mean is the delay, as for one alone.
    var lane = Lane(LinkProperties(delayMilliseconds: 50, jitterMilliseconds: 20), seed: 5)
    let delays = (0..<200).compactMap { number -> Double? in
      let sent = start.advanced(by: .microseconds(number * 5))
      return lane.due(packetOf: 100, of: flow(UInt8(number)), at: sent).map {
        sent.duration(to: $0).inMilliseconds
      }
    }
    #expect(abs(delays.reduce(0, +) / 200 - 50) < 3)
  }

  /// By itself, and in bursts of a hundred milliseconds, with a packet each millisecond.
  @Test(arguments: [0.0, 100])
  func `as much is lost as was asked for, in bursts of that length`(_ burst: Double) {
    let link = LinkProperties(loss: 0.2, burstMilliseconds: burst)
    var loss = PacketLoss(seed: 7)
    let fates = (0..<400_000).map { loss.losesNext(link, at: start.advanced(by: .milliseconds($0))) }
    let lost = fates.count(where: \.self)
    // In bursts as many are independent as there are bursts.
    #expect(abs(Double(lost) / 400_000 - 0.2) < (burst == 0 ? 0.003 : 0.03))
    let bursts = zip([false] + fates, fates).count { !$0 && $1 }
    // Where each is lost by itself, now and then the next one is too.
    let expected = burst == 0 ? 1 / (1 - 0.2) : burst
    #expect(abs(Double(lost) / Double(bursts) / expected - 1) < 0.1)
  }

  @Test func `a burst lasts as long, however few packets meet it`() {
    let link = LinkProperties(loss: 0.2, burstMilliseconds: 100)
    var loss = PacketLoss(seed: 9)
    // A second apart, ten times the burst: each packet's fate is its own.
    let fates = (0..<20_000).map { loss.losesNext(link, at: start.advanced(by: .seconds($0))) }
    let pairs = zip(fates, fates.dropFirst()).count { $0 && $1 }
    #expect(abs(Double(pairs) / Double(fates.count(where: \.self)) - 0.2) < 0.03)
  }

  @Test func `nothing is lost, and all is`() {
    var loss = PacketLoss(seed: 1)
    #expect(!(0..<1_000).contains { _ in loss.losesNext(LinkProperties(), at: start) })
    #expect((0..<1_000).allSatisfy { _ in loss.losesNext(LinkProperties(loss: 1), at: start) })
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
    queue.insert([1], due: start.advanced(by: .milliseconds(milliseconds(&lane, 100) ?? 0)))
    lane.become(LinkProperties(delayMilliseconds: 1), at: start)
    queue.hasten(to: start)
    #expect(queue.firstDue == start)
    #expect(milliseconds(&lane, 100) == 1)
  }

  @Test func `packets come out as they came in, however many there were`() {
    var queue = PacketQueue()
    var taken: [UInt8] = []
    for round in 0..<40 {
      for number in 0..<100 { queue.insert([UInt8(truncatingIfNeeded: round * 100 + number)], due: start) }
      for _ in 0..<(round < 20 ? 60 : 140) { taken += queue.removeFirst() }
    }
    #expect(queue.firstDue == nil)
    #expect(taken == (0..<4_000).map { UInt8(truncatingIfNeeded: $0) })
  }

  @Test func `the next packet is the one that is due next`() {
    var queue = PacketQueue()
    var generator = SystemRandomNumberGenerator()
    let dues = (0..<1_000).map { _ in Int.random(in: 0..<300, using: &generator) }
    for due in dues { queue.insert([UInt8(due % 256)], due: start.advanced(by: .milliseconds(due))) }
    var taken: [Instant] = []
    while let due = queue.firstDue {
      taken.append(due)
      _ = queue.removeFirst()
    }
    #expect(taken == dues.sorted().map { start.advanced(by: .milliseconds($0)) })
  }
}
