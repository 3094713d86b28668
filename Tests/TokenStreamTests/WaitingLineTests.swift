import Answers
import Testing
import TokenStream

@Suite struct WaitingLineTests {
  @Test func `who comes first is served first, however many were served before`() {
    var line = WaitingLine<Int>()
    #expect(line.first == nil)
    #expect(line.popFirst() == nil)
    var next = 0
    for number in 0..<1_000 {
      line.append(number)
      if number % 3 > 0 {
        #expect(line.first == next)
        #expect(line.popFirst() == next)
        next += 1
      }
    }
    while let number = line.popFirst() {
      #expect(number == next)
      next += 1
    }
    #expect(next == 1_000)
  }

  @Test func `nothing is kept of who was served`() {
    final class Guest {}
    var line = WaitingLine<Guest>()
    weak var guest: Guest?
    do {
      let first = Guest()
      guest = first
      line.append(first)
      line.append(Guest())
    }
    #expect(guest != nil)
    _ = line.popFirst()
    #expect(guest == nil)
    #expect(line.first != nil)
  }
}
