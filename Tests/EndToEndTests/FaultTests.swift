import Answers
import Faults
import LabClient
import Measurement
import NIOConcurrencyHelpers
import Readings
import Testing
import Wire

/// Each kind of fault by itself, on each transport.
@Suite struct FaultTests {
  private let expected = ExpectedTokens(.fast(tokens: 120, rate: 1_000))

  /// Reads once through a link that commits three faults of this kind.
  private func read(
    _ transport: Transport, _ fault: Fault, _ recovery: Recovery,
    change: (inout ReadingPlan) -> Void = { _ in }
  ) async throws -> (reading: Reading, counts: [Fault: Int]) {
    var result: (Reading, [Fault: Int])?
    try await withLab { lab in
      let faults = FaultPlan(
        kinds: [fault], spacing: .tokens(mean: 15), limit: 3,
        refusal: .milliseconds(20) ... .milliseconds(100), seed: 11)
      let link = try await FaultyLink(port: lab.port, plan: faults)
      var plan = ReadingPlan.returning(
        Variant(transport: transport), expected, port: link.port, seed: 5, recovery: recovery)
      change(&plan)
      let reading = await lab.reader.read(plan)
      result = (reading, link.counts)
      await link.stop()
    }
    return try #require(result)
  }

  /// Only a stall is found out by its silence.
  private func recovery(_ fault: Fault) -> Recovery {
    .swift(silence: fault == .stall ? .milliseconds(250) : .seconds(30))
  }

  private func ledger(_ reading: Reading) -> Ledger {
    Ledger(reading.arrivals, expected: 0..<expected.count)
  }

  @Test(arguments: Transport.allCases, Fault.allCases)
  func `a reader that comes back gets every token once`(_ transport: Transport, _ fault: Fault) async throws {
    let (reading, counts) = try await read(transport, fault, recovery(fault))
    #expect(reading.failure == nil)
    #expect(reading.end == .complete)
    #expect(ledger(reading).isClean)
    #expect(reading.arrivals.count == expected.count)
    #expect(counts == [fault: 3])
    #expect(!reading.outages.isEmpty)
    #expect(fault == .stall || reading.outages.count <= 3)
    #expect(reading.outages.allSatisfy { $0.attempts > 0 && $0.connections > 0 })
    #expect(reading.connections == 1 + reading.outages.reduce(0) { $0 + $1.connections })
  }

  /// What the kernel counted stays countable after the connection is gone, also after a reset.
  @Test(arguments: Transport.allCases, Fault.allCases)
  func `bytes are counted over all connections`(_ transport: Transport, _ fault: Fault) async throws {
    let seen = Seen()
    let (reading, _) = try await read(transport, fault, recovery(fault)) { plan in
      plan.onWire = { direction, bytes in seen.add(direction, bytes.readableBytes) }
    }
    // A request may be written into a connection that was reset meanwhile, and never leaves.
    #expect(reading.up.total <= seen.up)
    #expect(seen.up - reading.up.total <= 1_024)
    // A reset may overtake bytes that the reader had not read.
    #expect(reading.down.total >= seen.down)
    #expect(reading.down.total - seen.down <= 65_536)
    #expect(reading.segmentsUp > reading.connections && reading.segmentsDown > reading.connections)
  }

  private final class Seen: Sendable {
    private let counts = NIOLockedValueBox((up: 0, down: 0))
    var up: Int { counts.withLockedValue { $0.up } }
    var down: Int { counts.withLockedValue { $0.down } }

    func add(_ direction: WireDirection, _ count: Int) {
      counts.withLockedValue { if direction == .up { $0.up += count } else { $0.down += count } }
    }
  }

  @Test(arguments: Transport.allCases, [Fault.reset, .halfClose, .cutInToken])
  func `the first loss is a failure where no reader comes back`(
    _ transport: Transport, _ fault: Fault
  ) async throws {
    // Between two polls a connection may end too: then the next poll is the one that fails.
    let (reading, counts) = try await read(transport, fault, .none)
    #expect(reading.failure == "the connection ended before the stream did")
    #expect(reading.end == nil)
    #expect(counts == [fault: 1])
  }

  @Test func `a naive event stream brings tokens twice, and loses none`() async throws {
    let (reading, _) = try await read(.serverSentEvents, .cutInToken, .naive)
    #expect(reading.failure == nil)
    #expect(reading.end == .complete)
    #expect(ledger(reading).duplicated > 0)
    #expect(ledger(reading).lost == 0)
  }

  @Test(arguments: [Transport.webSocket, .longPolling])
  func `a naive socket or poll loses the rest, and brings none twice`(_ transport: Transport) async throws {
    let (reading, _) = try await read(transport, .cutInToken, .naive)
    #expect(reading.failure == nil)
    #expect(reading.end == nil)
    #expect(reading.abandoned != nil)
    #expect(ledger(reading).duplicated == 0)
    #expect(ledger(reading).lost > 0)
    #expect(ledger(reading).lost == expected.count - reading.arrivals.count)
  }
}
