import MonotonicTime
import Testing

@testable import LWS

@Suite struct SilenceTests {
  private var silence = Silence(limit: .seconds(60), now: Instant(nanoseconds: 0))

  private func at(_ seconds: Double) -> Instant {
    Instant(nanoseconds: 0).advanced(by: .seconds(seconds))
  }

  @Test mutating func `who is silent is pinged, and given up after half of that again`() {
    #expect(silence.next == at(60))
    #expect(silence.step(at: at(59.9)) == .wait)
    #expect(silence.step(at: at(60)) == .ping)
    silence.didPing(at: at(61))
    #expect(silence.next == at(91))
    #expect(silence.step(at: at(90.9)) == .wait)
    #expect(silence.step(at: at(91)) == .giveUp)
  }

  @Test mutating func `who is heard has all of its time again`() {
    silence.heard(at: at(50))
    #expect(silence.step(at: at(60)) == .wait)
    #expect(silence.next == at(110))
    silence.didPing(at: at(110))
    silence.heard(at: at(139))
    #expect(silence.step(at: at(140)) == .wait)
    #expect(silence.next == at(199))
  }

  @Test mutating func `a ping that cannot be sent is sent a second later`() {
    silence.postpone(at: at(60))
    #expect(silence.step(at: at(60.9)) == .wait)
    #expect(silence.step(at: at(61)) == .ping)
  }
}
