import Testing

@testable import Faults

@Suite struct FaultFinderTests {
  private static let token = #"{"index":7,"token":"x"}"#

  private func plan(
    _ kinds: [Fault], _ spacing: FaultPlan.Spacing, limit: Int = .max, seed: UInt64 = 1
  ) -> FaultPlan {
    FaultPlan(kinds: kinds, spacing: spacing, limit: limit, seed: seed)
  }

  /// Lets the text pass in pieces of this size over one connection after the other, as a link does.
  private func places(_ plan: FaultPlan, in text: String, pieces: Int = .max) -> [(Fault, Int)] {
    var finder = FaultFinder(plan)
    var bytes = Array(text.utf8)[...]
    var found: [(Fault, Int)] = []
    var position = 0
    while !bytes.isEmpty {
      let piece = bytes.prefix(pieces)
      guard let (fault, passing) = finder.find(in: piece) else {
        bytes = bytes.dropFirst(piece.count)
        position += piece.count
        continue
      }
      bytes = bytes.dropFirst(passing)
      position += passing
      found.append((fault, position))
    }
    return found
  }

  @Test func `a mean of one byte is a fault at every byte`() {
    #expect(places(plan([.reset], .bytes(mean: 1)), in: "abcd").map(\.1) == [1, 2, 3, 4])
  }

  @Test func `bytes between faults have the mean that the plan says`() {
    let found = places(plan([.reset], .bytes(mean: 50)), in: String(repeating: "x", count: 100_000))
    #expect((1_900...2_100).contains(found.count))
    let gaps = zip(found.dropFirst(), found).map { $0.1 - $1.1 }
    #expect(gaps.allSatisfy { (1...99).contains($0) })
    #expect(gaps.contains { $0 < 10 } && gaps.contains { $0 > 90 })
  }

  @Test(arguments: [1, 2, 3, 7, 1_000_000])
  func `pieces do not move the places`(_ pieces: Int) {
    let text = String(repeating: "data: \(Self.token)\n\n", count: 300)
    for spacing in [FaultPlan.Spacing.bytes(mean: 40), .tokens(mean: 5)] {
      let plan = plan(Fault.allCases, spacing)
      let whole = places(plan, in: text)
      #expect(whole.count > 50)
      let cut = places(plan, in: text, pieces: pieces)
      #expect(cut.map(\.0) == whole.map(\.0))
      #expect(cut.map(\.1) == whole.map(\.1))
    }
  }

  @Test(arguments: [FaultPlan.Spacing.bytes(mean: 60), .tokens(mean: 3)])
  func `a cut falls into a token's JSON, behind the beginning of its text`(_ spacing: FaultPlan.Spacing) {
    let text = String(repeating: "\(Self.token),", count: 500)
    let found = places(plan([.cutInToken], spacing), in: text)
    #expect(found.count > 100)
    // The token's 23 bytes and the comma repeat; its text begins at 20, and the brace is the 23rd.
    #expect(Set(found.map { $0.1 % 24 }) == [20, 21, 22])
  }

  @Test func `a token is counted where it begins`() {
    // With a mean of one, each token has its fault, at most 24 bytes behind its beginning.
    let text = (0..<50).map { _ in Self.token + String(repeating: " ", count: 77) }.joined()
    let found = places(plan([.halfClose], .tokens(mean: 1)), in: text)
    #expect(found.count == 50)
    #expect(found.allSatisfy { (20...44).contains($0.1 % 100) })
  }

  @Test(arguments: [
    ("\"token\":\"", 1), ("\"token\"token\":\"", 1), ("\"\"token\":\"", 1), ("\"token\":\"token\":\"", 2),
    ("\\\"token\\\":\\\"", 0), ("\"tokens\":\"", 0), ("\"token\": \"", 0),
  ])
  func `the mark is found however it is led up to`(_ text: String, _ count: Int) {
    var mark = TokenMark()
    #expect(text.utf8.filter { mark.take($0) }.count == count)
  }

  @Test func `a mark does not span two connections`() {
    var finder = FaultFinder(plan([.cutInToken], .bytes(mean: 1)))
    #expect(finder.find(in: "x\"tok".utf8) == nil)
    finder.connectionBegins()
    #expect(finder.find(in: "en\":\"abcdef".utf8) == nil)
    #expect(finder.find(in: "\"token\":\"abcdef".utf8)?.fault == .cutInToken)
  }

  @Test func `kinds take turns`() {
    let found = places(plan(Fault.allCases, .bytes(mean: 5)), in: String(repeating: Self.token, count: 500))
    for round in stride(from: 0, to: found.count - 5, by: 5) {
      #expect(Set(found[round..<(round + 5)].map(\.0)) == Set(Fault.allCases))
    }
  }

  @Test func `the limit is kept, and no kinds mean no faults`() {
    let text = String(repeating: "x", count: 10_000)
    #expect(places(plan([.stall], .bytes(mean: 3), limit: 25), in: text).count == 25)
    #expect(places(plan([], .bytes(mean: 3)), in: text).isEmpty)
  }

  @Test func `the seed decides`() {
    let text = String(repeating: "x", count: 2_000)
    func at(_ seed: UInt64) -> [Int] {
      places(plan([.reset, .stall], .bytes(mean: 20), seed: seed), in: text).map(\.1)
    }
    #expect(at(1) == at(1))
    #expect(at(1) != at(2))
  }

  @Test func `refusals keep their bounds`() {
    var finder = FaultFinder(plan([.refuse], .bytes(mean: 1)))
    let refusals = (0..<500).map { _ in finder.refusal() }
    #expect(refusals.allSatisfy { (.milliseconds(50) ... .milliseconds(500)).contains($0) })
    #expect(refusals.contains { $0 < .milliseconds(80) } && refusals.contains { $0 > .milliseconds(470) })
  }
}
