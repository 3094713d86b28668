import Foundation
import MonotonicTime

/// What a link between server and readers does to each packet, alike in both directions.
public struct LinkProperties: Hashable, Codable, Sendable {
  /// How long a packet is on its way, one way.
  public var delayMilliseconds: Double
  /// How much longer or shorter than that, at most; every amount is as likely. The packets of a connection
  /// stay in order.
  public var jitterMilliseconds: Double
  /// The share of packets that are lost on the way, from 0 to 1.
  public var loss: Double
  /// How long a burst of losses lasts on average, in which everything is lost; 0 loses each packet by itself.
  public var burstMilliseconds: Double
  /// Millions of bits a second, with the headers of IP; nil is as much as the machine carries.
  public var megabitsPerSecond: Double?
  /// The largest packet, in bytes, with its header of IP.
  public var mtu: Int

  public init(
    delayMilliseconds: Double = 0, jitterMilliseconds: Double = 0, loss: Double = 0,
    burstMilliseconds: Double = 0,
    megabitsPerSecond: Double? = nil, mtu: Int = 1_500
  ) {
    self.delayMilliseconds = delayMilliseconds
    self.jitterMilliseconds = jitterMilliseconds
    self.loss = loss
    self.burstMilliseconds = burstMilliseconds
    self.megabitsPerSecond = megabitsPerSecond
    self.mtu = mtu
  }

  /// One that only adds the way through the wire's own process.
  public static let perfect = LinkProperties()

  public var delay: Duration { Duration(roundedSeconds: delayMilliseconds / 1e3) }

  public var jitter: Duration { Duration(roundedSeconds: jitterMilliseconds / 1e3) }

  /// For who reads what was measured over it.
  public var words: String {
    var words = ["\(plain(delayMilliseconds)) ms each way"]
    if jitterMilliseconds > 0 { words[0] += " ± \(plain(jitterMilliseconds)) ms" }
    if loss > 0 { words.append("\(plain(loss * 100)) % lost") }
    if burstMilliseconds > 0 { words.append("in bursts of \(plain(burstMilliseconds)) ms") }
    if let megabitsPerSecond { words.append("\(plain(megabitsPerSecond)) Mbit/s") }
    if mtu != 1_500 { words.append("packets of \(mtu) bytes") }
    return words.joined(separator: ", ")
  }

  private func plain(_ number: Double) -> String { String(format: "%g", number) }

  /// How long the sender needs for so many bytes.
  public func transmission(ofBytes count: Int) -> Duration {
    guard let megabitsPerSecond else { return .zero }
    return Duration(roundedSeconds: Double(count * 8) / (megabitsPerSecond * 1e6))
  }

  /// How long a packet may wait for those before it; one that would wait longer is dropped. Routers hold what they can send
  /// in about a quarter of a second, those of the last mile often more, and the slowest of them some packets.
  public var longestQueue: Duration { max(.milliseconds(250), transmission(ofBytes: mtu) * 16) }
}
