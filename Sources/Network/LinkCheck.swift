import Foundation
import Links
import MonotonicTime
import Synchronization

/// Measures a link before anything is measured over it: packets of its own between the two networks.
public struct LinkCheck: Sendable {
  /// How far a link may be from what was asked for.
  static let tolerance = 0.05
  /// What the wire's own process takes for a round trip, and the waking of everybody on the way.
  static let ownTime = Duration.microseconds(500)
  private static let mostPackets = 200_000

  /// - Throws: `NetworkError.unlike`, or what kept it from being measured. The link is as it was then.
  public static func check(_ links: [LinkProperties], over link: Link) throws(NetworkError) {
    let before = link.properties
    let result = onThread { () throws(NetworkError) in
      let probe = try LinkProbe(link)
      // One property at a time, each once, so that the others do not blur it.
      for asked in Set(
        links.map {
          LinkProperties(delayMilliseconds: $0.delayMilliseconds, jitterMilliseconds: $0.jitterMilliseconds)
        })
      {
        try link.become(asked)
        try again { () throws(NetworkError) in try checkRoundTrip(asked, probe) }
      }
      for asked in Set(links.map { LinkProperties(megabitsPerSecond: $0.megabitsPerSecond, mtu: $0.mtu) }) {
        try link.become(asked)
        try again { () throws(NetworkError) in try checkThroughput(asked, probe) }
      }
      for asked in Set(links.map { LinkProperties(loss: $0.loss, lossBurst: $0.lossBurst) }) {
        try link.become(asked)
        try checkLoss(asked, probe)
      }
      try link.become(before)
    }
    try result.get()
  }

  /// Three times: a busy moment of the machine is no property of the link.
  private static func again(_ check: () throws(NetworkError) -> Void) throws(NetworkError) {
    for _ in 0..<2 {
      do throws(NetworkError) { return try check() } catch { continue }
    }
    try check()
  }

  private static func checkRoundTrip(_ link: LinkProperties, _ probe: LinkProbe)
    throws(NetworkError)
  {
    let asked = link.delay * 2
    let patience = asked + link.jitter * 2 + .seconds(1)
    let probes = asked > .milliseconds(100) ? 9 : 25
    var times: [Duration] = []
    for number in 0..<probes {
      if let time = probe.roundTrip(number, patience: patience) { times.append(time) }
    }
    times.sort()
    guard !times.isEmpty else { throw .unlike(asked: "a round trip of \(asked.words)", seen: "none") }
    let median = times[times.count / 2]
    // A median of so few is within so much of its jitter.
    let allowed = asked * tolerance + ownTime + link.jitter
    guard median >= asked - allowed, median <= asked + allowed else {
      throw .unlike(asked: "a round trip of \(asked.words)", seen: "one of \(median.words)")
    }
  }

  private static func checkThroughput(_ link: LinkProperties, _ probe: LinkProbe)
    throws(NetworkError)
  {
    guard let asked = link.megabitsPerSecond else { return }
    // A third of a second, and no fewer than give a time.
    let count = max(100, Int(asked * 1e6 / 8 / Double(link.mtu) / 3))
    // No more at a time than half of what may wait.
    let window = Int(link.longestQueue / (link.transmission(ofBytes: link.mtu) * 2))
    let (_, sent, time) = probe.flood(
      count, bytes: link.mtu, window: min(1_000, window), patience: .milliseconds(300))
    let seen = Double(sent * link.mtu * 8) / time.inSeconds / 1e6
    guard abs(seen / asked - 1) <= tolerance else {
      throw .unlike(asked: "\(asked) Mbit/s", seen: String(format: "%.2f Mbit/s", seen))
    }
  }

  private static func checkLoss(_ link: LinkProperties, _ probe: LinkProbe) throws(NetworkError) {
    let count = packetsNeeded(for: link)
    let (come, _, _) = probe.flood(count, bytes: 0, window: 48, patience: .milliseconds(20))
    let seen = 1 - Double(come) / Double(count)
    let allowed = max(link.loss * tolerance, chance(link, of: count))
    guard abs(seen - link.loss) <= allowed else {
      throw .unlike(
        asked: String(format: "a loss of %.3f %%", link.loss * 100),
        seen: String(format: "%.3f %%", seen * 100))
    }
  }

  /// So many that chance alone hardly takes them beyond the tolerance, where that is no more than is sent in seconds.
  static func packetsNeeded(for link: LinkProperties) -> Int {
    guard link.loss > 0, link.loss < 1 else { return 1_000 }
    let needed = pow(deviations / tolerance, 2) * variance(of: link) / pow(link.loss, 2)
    return min(mostPackets, Int(needed) + 1)
  }

  /// How far the share that is lost of so many may be by chance.
  static func chance(_ link: LinkProperties, of count: Int) -> Double {
    deviations * (variance(of: link) / Double(count)).squareRoot()
  }

  /// Beyond so many standard deviations chance brings one link in a thousand.
  private static let deviations = 3.3

  /// Of one packet's fate, with those of its neighbours: in bursts they share it.
  private static func variance(of link: LinkProperties) -> Double {
    let recovers = 1 / link.lossBurst
    let falls = recovers * link.loss / (1 - link.loss)
    // What is left of a packet's state one packet later.
    let memory = link.lossBurst == 1 ? 0 : 1 - recovers - falls
    return link.loss * (1 - link.loss) * (1 + memory) / (1 - memory)
  }
}

extension Duration {
  fileprivate var words: String { String(format: "%.2f ms", inMilliseconds) }
}

/// Runs something on a thread of its own, which may enter networks, and waits for it.
private func onThread(
  _ work: @escaping @Sendable () throws(NetworkError) -> Void
) -> Result<Void, NetworkError> {
  let outcome = Outcome()
  Thread.detachNewThread {
    let result = Result { () throws(NetworkError) in try work() }
    outcome.result.withLock { $0 = result }
    outcome.isThere.signal()
  }
  outcome.isThere.wait()
  return outcome.result.withLock { $0 }
}

private final class Outcome: Sendable {
  let isThere = DispatchSemaphore(value: 0)
  let result = Mutex(Result<Void, NetworkError>.success(()))
}
