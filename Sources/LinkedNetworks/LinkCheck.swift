import Foundation
import Links
import MonotonicTime
import Synchronization

/// Measures a link before anything is measured over it, with packets of its own between the two networks: round trip and
/// how far it scatters, the largest packet, throughput and loss in both directions, each by itself. How long bursts of
/// losses last is not measured, which would take as many bursts.
public enum LinkCheck {
  /// How far a link may be from what was asked for.
  static let tolerance = 0.05
  /// What one round trip's waking of everybody on the way may take more than another's.
  static let wakingTime = Duration.microseconds(200)
  /// In each direction.
  private static let mostPackets = 100_000

  /// Waits for the end on the calling thread.
  /// - Throws: `NetworkError.unlike`, or what kept it from being measured. The link is as it was then.
  public static func check(_ links: [LinkProperties], over link: Link) throws(NetworkError) {
    let done = DispatchSemaphore(value: 0)
    let outcome = Outcome()
    begin(links, link) { measured in
      outcome.value.withLock { $0 = measured }
      done.signal()
    }
    done.wait()
    try outcome.value.withLock { $0 }.get()
  }

  /// The same without a thread that waits.
  /// - Throws: `NetworkError`.
  public static func checkInBackground(_ links: [LinkProperties], over link: Link) async throws {
    try await withCheckedContinuation { continuation in
      begin(links, link) { continuation.resume(returning: $0) }
    }.get()
  }

  private final class Outcome: Sendable {
    let value = Mutex(Result<Void, NetworkError>.success(()))
  }

  /// On a thread of its own, which enters networks.
  private static func begin(
    _ links: [LinkProperties], _ link: Link, _ done: @escaping @Sendable (Result<Void, NetworkError>) -> Void
  ) {
    Thread.detachNewThread {
      done(Result { () throws(NetworkError) in try measure(links, link) })
    }
  }

  private static func measure(_ links: [LinkProperties], _ link: Link) throws(NetworkError) {
    let before = link.properties
    let probe = try LinkProbe(link)
    try link.become(.perfect)
    let base = roundTrips(25, .perfect, probe).median
    for asked in Set(links.map(\.delayAlone)) {
      try again(asked, link) { () throws(NetworkError) in try checkRoundTrip(asked, base, probe) }
    }
    for asked in Set(links.map(\.mtuAlone)) {
      try again(asked, link) { () throws(NetworkError) in try checkLargestPacket(asked.mtu, probe) }
    }
    for asked in Set(links.map(\.bandwidthAlone)) where asked.megabitsPerSecond != nil {
      try again(asked, link) { () throws(NetworkError) in try checkThroughput(asked, probe) }
    }
    for asked in Set(links.map(\.lossAlone)) {
      try again(asked, link) { () throws(NetworkError) in try checkLoss(asked, probe) }
    }
    try link.become(before)
  }

  /// Three times: a busy moment of the machine, or an odd draw, is no property of the link.
  private static func again(
    _ asked: LinkProperties, _ link: Link, _ check: () throws(NetworkError) -> Void
  ) throws(NetworkError) {
    try link.become(asked)
    for _ in 0..<2 {
      do throws(NetworkError) { return try check() } catch { continue }
    }
    try check()
  }

  private static func roundTrips(_ count: Int, _ link: LinkProperties, _ probe: LinkProbe) -> [Duration] {
    let patience = (link.delay + link.jitter) * 2 + .seconds(1)
    return (0..<count).compactMap { _ in probe.roundTrip(patience: patience) }.sorted()
  }

  private static func checkRoundTrip(
    _ link: LinkProperties, _ base: Duration?, _ probe: LinkProbe
  ) throws(NetworkError) {
    let asked = link.delay * 2
    let times = roundTrips(asked > .seconds(1) ? 3 : asked > .milliseconds(100) ? 11 : 25, link, probe)
    guard let median = times.median, let base, let first = times.first, let last = times.last else {
      throw .unlike(asked: "a round trip of \(asked.words)", seen: "none")
    }
    // The median of so few is within so much of its jitter.
    let allowed = asked * tolerance + wakingTime + link.jitter
    guard abs((median - base - asked).inSeconds) <= allowed.inSeconds else {
      throw .unlike(asked: "a round trip of \(asked.words)", seen: "one of \((median - base).words)")
    }
    // Two ways, each up to so much longer or shorter, and where there are enough of them some are.
    guard times.count < 11 || last - first >= link.jitter,
      times.count < 3 || last - first <= link.jitter * 4 + .seconds(1)
    else {
      throw .unlike(
        asked: "a jitter of \(link.jitter.words)", seen: "round trips \((last - first).words) apart")
    }
  }

  /// A packet of so many bytes comes, and one that has one byte more does not.
  static func checkLargestPacket(_ bytes: Int, _ probe: LinkProbe) throws(NetworkError) {
    for direction in LinkProbe.Direction.allCases {
      for (size, isWished) in [(bytes, true), (bytes + 1, false)] {
        guard probe.carries(size, direction, patience: .milliseconds(500)) == isWished else {
          throw .unlike(
            asked: "packets of \(bytes) bytes at most",
            seen: "one of \(size) \(isWished ? "did not come" : "came") \(direction.rawValue)")
        }
      }
    }
  }

  private static func checkThroughput(_ link: LinkProperties, _ probe: LinkProbe) throws(NetworkError) {
    guard let asked = link.megabitsPerSecond else { return }
    // A third of a second, and no fewer than give a time.
    let count = max(60, Int(asked * 1e6 / 8 / Double(link.mtu) / 3))
    // No more at a time than half of what may wait.
    let window = Int(link.longestQueue / (link.transmission(ofBytes: link.mtu) * 2))
    for direction in LinkProbe.Direction.allCases {
      let (_, sent, time) = probe.flood(
        direction, count, bytes: link.mtu, window: min(1_000, window), patience: .milliseconds(500))
      let seen = Double(sent * link.mtu * 8) / time.inSeconds / 1e6
      guard abs(seen / asked - 1) <= tolerance else {
        throw .unlike(
          asked: "\(asked) Mbit/s", seen: String(format: "%.2f Mbit/s %@", seen, direction.rawValue))
      }
    }
  }

  private static func checkLoss(_ link: LinkProperties, _ probe: LinkProbe) throws(NetworkError) {
    let count = packetsNeeded(for: link)
    for direction in LinkProbe.Direction.allCases {
      let (come, _, _) = probe.flood(direction, count, bytes: 0, window: 48, patience: .milliseconds(100))
      let seen = 1 - Double(come) / Double(count)
      let allowed = max(link.loss * tolerance, chance(link, of: count))
      guard abs(seen - link.loss) <= allowed else {
        throw .unlike(
          asked: String(format: "a loss of %.3f %%", link.loss * 100),
          seen: String(format: "%.3f %% %@", seen * 100, direction.rawValue))
      }
    }
  }

  /// So many that chance alone hardly takes them beyond the tolerance, where that is no more than is sent in seconds.
  static func packetsNeeded(for link: LinkProperties) -> Int {
    guard link.loss > 0, link.loss < 1 else { return 1_000 }
    let needed = pow(deviations / tolerance, 2) * (1 - link.loss) / link.loss
    return min(mostPackets, Int(needed) + 1)
  }

  /// How far the share that is lost of so many, each by itself, may be by chance.
  static func chance(_ link: LinkProperties, of count: Int) -> Double {
    deviations * (link.loss * (1 - link.loss) / Double(count)).squareRoot()
  }

  /// Beyond so many standard deviations chance brings one of a thousand.
  private static let deviations = 3.3
}

extension LinkProperties {
  fileprivate var delayAlone: LinkProperties {
    LinkProperties(delayMilliseconds: delayMilliseconds, jitterMilliseconds: jitterMilliseconds)
  }

  fileprivate var mtuAlone: LinkProperties { LinkProperties(mtu: mtu) }

  fileprivate var bandwidthAlone: LinkProperties {
    LinkProperties(megabitsPerSecond: megabitsPerSecond, mtu: mtu)
  }

  fileprivate var lossAlone: LinkProperties { LinkProperties(loss: loss) }
}

extension [Duration] {
  /// Of what is sorted.
  fileprivate var median: Duration? { isEmpty ? nil : self[count / 2] }
}

extension Duration {
  fileprivate var words: String { String(format: "%.2f ms", inMilliseconds) }
}
