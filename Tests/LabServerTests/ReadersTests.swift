import MonotonicTime
import Testing

@testable import LabServer

/// How many readers a server counts.
@Suite struct ReadersTests {
  private let start = Instant.now

  private func fill(_ readers: Readers) {
    for number in 0..<Readers.most {
      _ = readers.reader("\(number)", now: start.advanced(by: .milliseconds(number)))
    }
  }

  @Test func `one past the last makes no room while all were there lately`() {
    let readers = Readers()
    fill(readers)
    #expect(readers.reader("new", now: start.advanced(by: Readers.silence)) == nil)
    #expect(readers["0"] != nil)
    #expect(readers.all.count == Readers.most)
  }

  @Test func `who was silent for longest makes room`() {
    let readers = Readers()
    fill(readers)
    let later = start.advanced(by: Readers.silence).advanced(by: .milliseconds(2))
    #expect(readers.reader("new", now: later) != nil)
    #expect(readers["0"] == nil)
    #expect(readers["1"] != nil)
    #expect(readers.all.count == Readers.most)
  }
}
