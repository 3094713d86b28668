import Links
import Testing

@testable import LinkedNetworks

/// How many packets show a loss.
@Suite struct LinkCheckTests {
  @Test func `the rarer a loss is, the more packets it takes`() {
    let counts = [0.2, 0.1, 0.05].map { LinkCheck.packetsNeeded(for: LinkProperties(loss: $0)) }
    #expect(counts == counts.sorted())
    // 3.3 deviations of so many are a twentieth of the loss.
    #expect(
      abs(LinkCheck.chance(LinkProperties(loss: 0.1), of: counts[1]) / 0.1 - LinkCheck.tolerance) < 0.001)
  }

  @Test func `no check takes for ever`() {
    #expect(LinkCheck.packetsNeeded(for: LinkProperties(loss: 0.000_1)) == 100_000)
    #expect(LinkCheck.packetsNeeded(for: LinkProperties()) == 1_000)
  }

  @Test(arguments: LinkProfile.allCases)
  func `a profile is a link that can be`(_ profile: LinkProfile) {
    let link = profile.properties
    #expect(link.jitterMilliseconds <= link.delayMilliseconds && link.delayMilliseconds > 0)
    #expect(link.loss < 0.1 && link.burstMilliseconds >= 0 && (link.megabitsPerSecond ?? 1) > 0)
  }
}
