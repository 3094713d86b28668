import Links
import Testing

@testable import Network

/// How many packets show a loss.
@Suite struct LinkCheckTests {
  @Test func `the rarer a loss is, the more packets it takes`() {
    let counts = [0.2, 0.05, 0.02].map { LinkCheck.packetsNeeded(for: LinkProperties(loss: $0)) }
    #expect(counts == counts.sorted())
    // 3.3 deviations of so many are a twentieth of the loss.
    #expect(
      abs(LinkCheck.chance(LinkProperties(loss: 0.05), of: counts[1]) / 0.05 - LinkCheck.tolerance) < 0.001)
  }

  @Test func `bursts take more of them, and no check takes for ever`() {
    let single = LinkCheck.packetsNeeded(for: LinkProperties(loss: 0.2))
    let burst = LinkCheck.packetsNeeded(for: LinkProperties(loss: 0.2, lossBurst: 4))
    #expect(burst > single * 4)
    #expect(LinkCheck.packetsNeeded(for: LinkProperties(loss: 0.000_1)) == 200_000)
  }

  @Test(arguments: LinkProfile.allCases)
  func `a profile is a link that can be`(_ profile: LinkProfile) {
    let link = profile.properties
    #expect(link.jitterMilliseconds <= link.delayMilliseconds && link.delayMilliseconds > 0)
    #expect(link.loss < 0.1 && link.lossBurst >= 1 && (link.megabitsPerSecond ?? 1) > 0)
  }
}
