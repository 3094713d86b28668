import Answers
import Links

/// Says of one packet after the other whether it is lost.
///
/// Bursts are those of Gilbert (1960): a link is well or ill, loses everything while it is ill, and has no memory but that.
struct PacketLoss {
  private var isIll = false
  private var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
  }

  mutating func losesNext(_ link: LinkProperties) -> Bool {
    guard link.loss > 0 else { return false }
    guard link.loss < 1 else { return true }
    let recovers = 1 / link.lossBurst
    // In the long run the share of the ill is falls / (falls + recovers), which has to be the loss.
    let falls = recovers * link.loss / (1 - link.loss)
    if link.lossBurst == 1 { return Double.random(in: 0..<1, using: &generator) < link.loss }
    isIll = Double.random(in: 0..<1, using: &generator) < (isIll ? 1 - recovers : falls)
    return isIll
  }
}
