import Answers
import Foundation
import LabClient
import LabServer
import NIOConcurrencyHelpers
import Testing
import Wire

/// The table of bad requests, each by itself.
@Suite struct BadRequestsTests {
  private var limits: Limits {
    var limits = Limits()
    limits.connection.requestTime = .seconds(1)
    limits.messageBytes = 4_096
    return limits
  }

  @Test func `every bad request gets the answer that the table says`() async throws {
    try await withLab(limits: limits, staticFolder: Command.project.appendingPathComponent("static").path) {
      lab in
      let stream = try lab.start(.silent).stream
      for bad in BadRequestTable.all {
        let answer = Result { try bad.happens(port: lab.port, stream: stream) }
        if (try? answer.get()) != bad.answer { Issue.record("\(bad.name): \(answer), not \(bad.answer)") }
      }
      #expect(try lab.request("GET", "/healthz").status == 200)
    }
  }

  @Test func `names are each their own`() {
    let names = BadRequestTable.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.count >= 30)
  }

  /// How many come in the crowd.
  private static let crowd = ProcessInfo.processInfo.environment["BAD_REQUESTS"].flatMap { Int($0) } ?? 10_000

  @Test func `a crowd of bad requests gets its answers, and good readers notice nothing`() async throws {
    let served = try ServedLab(["--request-time", "5", "--max-message-bytes", "4096"])
    let lab = served.lab
    let stream = try lab.start(.silent).stream
    let before = served.descriptors
    let goesOn = Flag()
    async let accounts = withTaskGroup(of: LabFixture.Account.self) { group in
      for transport in Transport.allCases {
        group.addTask { await lab.read(transport, .fast(tokens: 400, rate: 400), while: { goesOn.isUp }) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    // They are waited for also where this test throws.
    defer { goesOn.lower() }
    try await eventually {
      let metrics = try lab.request("GET", "/metrics").body
      return !metrics.contains(/pushlab_streams_started_total [1-4]\n/)
    }
    let wrong = await onThreads(16, Self.shuffled(Self.crowd)) { bad -> String? in
      let answer = Result { try bad.happens(port: lab.port, stream: stream) }
      return (try? answer.get()) == bad.answer ? nil : "\(bad.name): \(answer), not \(bad.answer)"
    }.compactMap(\.self)
    goesOn.lower()
    #expect(Set(wrong) == [])
    #expect(served.isRunning)
    for account in await accounts {
      #expect(account.ledger.isClean)
      #expect(account.ledger.delivered > 0)
      #expect(account.failures == [])
    }
    try await eventually { served.descriptors <= before }
    #expect(try lab.request("GET", "/healthz").status == 200)
    await lab.reader.shutDown()
  }

  /// Each slow kind four times, of the others as many as it takes; the same order every time.
  private static func shuffled(_ count: Int) -> [BadRequest] {
    var generator = SeededGenerator(seed: 7)
    let slow = BadRequestTable.all.filter(\.isSlow)
    let fast = BadRequestTable.all.filter { !$0.isSlow }
    let rest = max(fast.count, count - 4 * slow.count)
    let all = (0..<4).flatMap { _ in slow } + (0..<rest).map { fast[$0 % fast.count] }
    return all.shuffled(using: &generator)
  }
}

private final class Flag: Sendable {
  private let state = NIOLockedValueBox(true)

  var isUp: Bool { state.withLockedValue(\.self) }

  func lower() { state.withLockedValue { $0 = false } }
}
