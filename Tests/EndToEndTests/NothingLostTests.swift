import Answers
import Experiments
import Faults
import Foundation
import LabClient
import Machine
import Measurement
import NIOConcurrencyHelpers
import Readings
import Testing
import Wire

/// The proof that readers which come back lose nothing: many seeded faults, and servers that are killed. How many
/// can be said from outside: `make soak-faults` does.
@Suite(.serialized) struct NothingLostTests {
  private static let faults = number("PUSHLAB_FAULTS") ?? 50
  private static let restarts = number("PUSHLAB_RESTARTS") ?? 5

  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }

  @Test(arguments: Variant.returning)
  func `faults on the way lose nothing`(_ variant: Variant) async throws {
    let readers = min(40, max(1, Self.faults / 2))
    let each = (Self.faults + readers - 1) / readers
    // At most 119 tokens lie between two faults, so that all of them happen before the end. What gathers in an
    // outage is much less, so that most faults meet a reader who has found back from the one before; a page is
    // read whole or not at all, and one longer than that would hardly ever get through.
    let expected = ExpectedTokens(.fast(tokens: each * 120 + 20, rate: 100))
    try await withLab { lab in
      let links = try await links(readers, faults: each, to: lab.port)
      let readings = await withTaskGroup(of: Reading.self) { group in
        for (number, link) in links.enumerated() {
          let plan = ReadingPlan.returning(variant, expected, port: link.port, seed: UInt64(number))
          group.addTask { await lab.reader.read(plan) }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      let counts = links.map(\.counts).reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
      for link in links { await link.stop() }
      expectNothingLost(readings, tokens: expected.count)
      #expect(readings.allSatisfy { !$0.outages.isEmpty })
      #expect(counts.values.reduce(0, +) == each * readers)
      #expect(Set(counts.keys) == Set(Fault.allCases))
      let kinds = Fault.allCases.map { "\($0.rawValue) \(counts[$0] ?? 0)" }.joined(separator: ", ")
      report("\(variant.name), \(each * readers) faults (\(kinds))", readings, tokens: expected.count)
    }
  }

  private func links(_ count: Int, faults: Int, to port: Int) async throws -> [FaultyLink] {
    var links: [FaultyLink] = []
    for number in 0..<count {
      let plan = FaultPlan(
        spacing: .tokens(mean: 60), limit: faults, refusal: .milliseconds(20) ... .milliseconds(150),
        seed: 1_000 + UInt64(number))
      links.append(try await FaultyLink(port: port, plan: plan))
    }
    return links
  }

  @Test func `a server that is killed and started again loses nothing`() async throws {
    let each = Self.restarts > 20 ? 10 : 2
    let expected = ExpectedTokens(
      Question(
        prompt: "Again?", tokenCount: Self.restarts * 40 + 100,
        pacing: Pacing(think: .milliseconds(5), rate: 100, jitter: 0.5)))
    let server = try ServerProcess(executable: Command.pushlab, port: LoopbackInterface.freePort())
    defer { server.stop() }
    let progress = Progress(readers: each * Variant.returning.count)
    let reader = Reader()
    let port = server.address.port
    async let reading = withTaskGroup(of: Reading.self) { group in
      for number in 0..<progress.readers {
        var plan = ReadingPlan.returning(
          Variant.returning[number % Variant.returning.count], expected, port: port, seed: UInt64(number))
        plan.onToken = { _ in progress.count(number) }
        group.addTask { [plan] in
          defer { progress.end(number) }
          return await reader.read(plan)
        }
      }
      return await group.reduce(into: [Reading]()) { $0.append($1) }
    }
    for round in 0..<Self.restarts {
      // Now and then while some have not found back yet.
      try await progress.wait(forAll: round % 3 != 2)
      try server.restart()
    }
    let readings = await reading
    await reader.shutDown()
    expectNothingLost(readings, tokens: expected.count)
    #expect(readings.allSatisfy { !$0.outages.isEmpty })
    report("\(Self.restarts) kills and restarts", readings, tokens: expected.count)
  }

  private func expectNothingLost(_ readings: [Reading], tokens: Int) {
    #expect(readings.compactMap(\.failure) == [])
    #expect(readings.allSatisfy { $0.end == .complete })
    let ledger = readings.reduce(Ledger()) { $0 + Ledger($1.arrivals, expected: 0..<tokens) }
    #expect(ledger.lost == 0)
    #expect(ledger.duplicated == 0)
    #expect(ledger.reordered == 0)
    #expect(ledger.corrupted == 0)
    #expect(ledger.delivered == tokens * readings.count)
  }

  private func report(_ what: String, _ readings: [Reading], tokens: Int) {
    let ledger = readings.reduce(Ledger()) { $0 + Ledger($1.arrivals, expected: 0..<tokens) }
    let outages = readings.flatMap(\.outages)
    let lengths = Quantiles(outages.compactMap(\.length).map(\.inMilliseconds))
    print(
      """
      \(what): \(readings.count) readers, \(ledger.delivered) tokens delivered, lost \(ledger.lost), \
      duplicated \(ledger.duplicated), reordered \(ledger.reordered), corrupted \(ledger.corrupted); \
      \(outages.count) outages, median \(Int(lengths.median ?? 0)) ms, \
      longest \(Int(lengths.value(at: 1) ?? 0)) ms
      """)
  }
}

/// How far readers have come since the last time somebody waited.
private final class Progress: Sendable {
  let readers: Int
  private let tokens: NIOLockedValueBox<[Int?]>

  init(readers: Int) {
    self.readers = readers
    tokens = NIOLockedValueBox(Array(repeating: 0, count: readers))
  }

  func count(_ reader: Int) {
    tokens.withLockedValue { $0[reader]? += 1 }
  }

  func end(_ reader: Int) {
    tokens.withLockedValue { $0[reader] = nil }
  }

  /// Waits until all readers, or one, got tokens.
  /// - Throws: once a reader has come to its end, since what is done to the server then proves nothing.
  func wait(forAll: Bool) async throws {
    tokens.withLockedValue { for index in $0.indices { $0[index]? = 0 } }
    while true {
      let counts = tokens.withLockedValue { $0 }
      if counts.contains(nil) { throw RawConnection.Failure(what: "a reader came to its end too early") }
      let advanced = counts.count { $0 ?? 0 > 2 }
      if advanced == readers || !forAll && advanced > 0 { return }
      try await Task.sleep(for: .milliseconds(2))
    }
  }
}
