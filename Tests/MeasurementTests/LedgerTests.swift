import Foundation
import LabClient
import MonotonicTime
import Readings
import Testing

@testable import Measurement

@Suite struct LedgerTests {
  /// Arrivals of these indices in this order, altered at these positions.
  private func ledger(_ indices: [Int], altered: Set<Int> = [], expected: Range<Int> = 0..<6) -> Ledger {
    let arrivals = indices.enumerated().map { position, index in
      Arrival(
        index: index, at: Instant(nanoseconds: Int64(position)), isIntact: !altered.contains(position))
    }
    return Ledger(arrivals, expected: expected)
  }

  private func counts(
    delivered: Int, lost: Int = 0, duplicated: Int = 0, reordered: Int = 0, corrupted: Int = 0
  ) -> Ledger {
    var ledger = Ledger()
    ledger.delivered = delivered
    ledger.lost = lost
    ledger.duplicated = duplicated
    ledger.reordered = reordered
    ledger.corrupted = corrupted
    return ledger
  }

  private static let parts = ["delivered", "lost", "duplicated", "reordered", "corrupted"]

  private func read(_ part: String, _ count: String) throws -> Ledger {
    let counts = Self.parts.map { "\"\($0)\":\($0 == part ? count : "1")" }.joined(separator: ",")
    return try JSONDecoder().decode(Ledger.self, from: Data("{\(counts)}".utf8))
  }

  @Test(arguments: parts)
  func `a count that no trial comes to is not read, so that sums of them fit`(_ part: String) throws {
    for count in ["9223372036854775807", "-1", "10000000001", "1e300", "0.5", "null"] {
      #expect(throws: DecodingError.self, "\(count)") { try read(part, count) }
    }
    let largest = try read(part, "10000000000")
    #expect(try JSONDecoder().decode(Ledger.self, from: JSONEncoder().encode(largest)) == largest)
    #expect(!(largest + largest).isClean)
  }

  @Test func `every token once, in order, unaltered`() {
    let ledger = ledger([0, 1, 2, 3, 4, 5])
    #expect(ledger == counts(delivered: 6))
    #expect(ledger.isClean)
  }

  @Test(arguments: 0..<6)
  func `a dropped token is lost and nothing else`(_ dropped: Int) {
    let ledger = ledger((0..<6).filter { $0 != dropped })
    #expect(ledger == counts(delivered: 5, lost: 1))
    #expect(!ledger.isClean)
  }

  @Test(arguments: 0..<6)
  func `a doubled token is duplicated and nothing else`(_ doubled: Int) {
    let once = ledger((0..<6).flatMap { $0 == doubled ? [$0, $0] : [$0] })
    #expect(once == counts(delivered: 6, duplicated: 1))
    #expect(!once.isClean)
    // Also where the second comes late, as after a reconnection.
    #expect(ledger(Array(0..<6) + [doubled]) == counts(delivered: 6, duplicated: 1))
  }

  @Test(arguments: 0..<5)
  func `two swapped tokens are one reordered and nothing else`(_ position: Int) {
    var indices = Array(0..<6)
    indices.swapAt(position, position + 1)
    let ledger = ledger(indices)
    #expect(ledger == counts(delivered: 6, reordered: 1))
    #expect(!ledger.isClean)
  }

  @Test(arguments: 0..<6)
  func `an altered token is corrupted and nothing else`(_ position: Int) {
    let ledger = ledger(Array(0..<6), altered: [position])
    #expect(ledger == counts(delivered: 5, corrupted: 1))
    #expect(!ledger.isClean)
  }

  @Test func `an index that was not to come is corrupted`() {
    #expect(ledger([0, 1, 2, 3, 4, 5, 6]) == counts(delivered: 6, corrupted: 1))
    #expect(ledger([-1, 0, 1, 2, 3, 4, 5]) == counts(delivered: 6, corrupted: 1))
    #expect(ledger([1, 2, 3], expected: 2..<4) == counts(delivered: 2, corrupted: 1))
  }

  @Test func `nothing arrived, nothing expected`() {
    #expect(ledger([]) == counts(delivered: 0, lost: 6))
    #expect(ledger([], expected: 0..<0).isClean)
  }

  @Test func `several faults are told apart`() {
    // 1 lost, 0 doubled, 3 and 2 swapped, 4 altered.
    #expect(
      ledger([0, 0, 3, 2, 4, 5], altered: [4])
        == counts(delivered: 4, lost: 1, duplicated: 1, reordered: 1, corrupted: 1))
  }

  @Test func `ledgers add up`() {
    let one = counts(delivered: 1, lost: 2, duplicated: 3, reordered: 4, corrupted: 5)
    let other = counts(delivered: 10, lost: 20, duplicated: 30, reordered: 40, corrupted: 50)
    #expect(one + other == counts(delivered: 11, lost: 22, duplicated: 33, reordered: 44, corrupted: 55))
  }
}
