import MonotonicTime
import Testing

@testable import LWS

@Suite struct PatienceTests {
  private var patience = Patience(limit: .seconds(60), now: Instant(nanoseconds: 0))

  private func at(_ seconds: Double) -> Instant {
    Instant(nanoseconds: 0).advanced(by: .seconds(seconds))
  }

  private mutating func look(_ seconds: Double, acknowledged: UInt64, isAllTaken: Bool = false)
    -> Patience.Step
  {
    patience.look(at: at(seconds), Patience.SendProgress(acknowledged: acknowledged, isAllTaken: isAllTaken))
  }

  @Test mutating func `who takes nothing is given up one and a quarter times the limit after it began`() {
    #expect(patience.nextLook == at(15))
    #expect(!patience.hasLooked)
    #expect(look(15, acknowledged: 700) == .takeOver)
    #expect(patience.hasLooked)
    for seconds in [30.0, 45, 60] {
      #expect(patience.nextLook == at(seconds))
      #expect(look(seconds, acknowledged: 700) == .wait)
    }
    #expect(look(75, acknowledged: 700) == .giveUp)
  }

  @Test mutating func `who takes a byte has all of its time again`() {
    #expect(look(15, acknowledged: 700) == .takeOver)
    #expect(look(60, acknowledged: 701) == .wait)
    #expect(look(119.9, acknowledged: 701) == .wait)
    #expect(look(120, acknowledged: 701) == .giveUp)
  }

  @Test mutating func `who has taken all is waited for no more, though not before a second look`() {
    #expect(look(15, acknowledged: 700, isAllTaken: true) == .takeOver)
    #expect(look(30, acknowledged: 800, isAllTaken: true) == .wait)
    #expect(look(45, acknowledged: 800, isAllTaken: true) == .tookAll)
  }

  @Test mutating func `a socket that takes bytes again counts where the kernel does not tell`() {
    #expect(look(15, acknowledged: 0) == .takeOver)
    patience.sawProgress(at: at(70))
    #expect(look(129.9, acknowledged: 0) == .wait)
    #expect(look(130, acknowledged: 0) == .giveUp)
  }

  @Test mutating func `a look that comes late counts from when it came`() {
    #expect(look(200, acknowledged: 0) == .takeOver)
    #expect(patience.nextLook == at(215))
    #expect(look(215, acknowledged: 0) == .wait)
    #expect(look(260, acknowledged: 0) == .giveUp)
  }
}
