import Answers
import Foundation
import Links
import MonotonicTime

/// Says of one packet after the other whether it is lost.
///
/// Bursts are those of Gilbert (1960), in time: a link is well or ill, loses everything while it is ill, stays so for times
/// that are drawn from exponential distributions, and has no other memory. So how long a burst lasts depends on nobody's
/// packets.
struct PacketLoss {
  private var isIll = false
  /// When that was looked at.
  private var at: Instant?
  private var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
  }

  mutating func losesNext(_ link: LinkProperties, at now: Instant) -> Bool {
    guard link.loss > 0 else { return false }
    guard link.loss < 1 else { return true }
    var chance = link.loss
    if link.burstMilliseconds > 0, let at {
      // In the long run the share of the ill is the loss; what is left of the last look fades with both rates.
      let well = link.burstMilliseconds * (1 - link.loss) / link.loss
      let rate = 1 / link.burstMilliseconds + 1 / well
      chance += ((isIll ? 1 : 0) - link.loss) * exp(-rate * at.duration(to: now).inMilliseconds)
    }
    isIll = Double.random(in: 0..<1, using: &generator) < chance
    at = now
    return isIll
  }

  /// Another link knows nothing of this one's illness.
  mutating func forget() {
    at = nil
  }
}
