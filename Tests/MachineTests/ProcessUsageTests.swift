import Foundation
import Machine
import Measurement
import MonotonicTime
import Testing

@Suite struct ProcessUsageTests {
  private func own() throws -> ProcessUsage {
    try #require(ProcessUsage(of: ProcessInfo.processInfo.processIdentifier))
  }

  // A thread of the tests that ends meanwhile takes its account with it, so a fall is tried again.
  @Test func `processor time grows with work`() throws {
    var digest: UInt64 = 1
    let grew = try (0..<20).contains { _ in
      let before = try own()
      for number in 0..<2_000_000 as Range<UInt64> { digest = digest &* 31 &+ number }
      let after = try own()
      return after.processorTime > before.processorTime && after.at > before.at
    }
    #expect(grew)
    #expect(digest != 0)
  }

  @Test func `a process that runs holds memory`() throws {
    let usage = try own()
    #expect(usage.residentBytes > 1_000_000)
    #expect(usage.contextSwitches >= 0)
    #expect(usage.processorTime > .zero)
  }

  @Test func `a process that is gone is nil`() throws {
    let process = try ChildProcess("/bin/true", [])
    process.wait()
    #expect(ProcessUsage(of: process.processIdentifier) == nil)
    #expect(ProcessUsage(of: -1) == nil)
  }

  @Test func `one that has ended and was not waited for is nil too`() throws {
    let process = try ChildProcess("/bin/true", [])
    let stat = "/proc/\(process.processIdentifier)/stat"
    while try !String(contentsOfFile: stat, encoding: .utf8).contains(") Z ") { sched_yield() }
    #expect(ProcessUsage(of: process.processIdentifier) == nil)
    process.wait()
  }

  @Test func `a share is processor time over wall time`() throws {
    var before = try own()
    var after = before
    before.at = Instant(nanoseconds: 0)
    after.at = Instant(nanoseconds: 2_000_000_000)
    after.processorTime += .milliseconds(500)
    #expect(after.share(since: before) == 0.25)
    #expect(before.share(since: before) == 0)
  }

  @Test func `the thread that waited longest is told, and only for the time between`() throws {
    var before = try own()
    var after = before
    (before.at, after.at) = (Instant(nanoseconds: 0), Instant(nanoseconds: 2_000_000_000))
    before.waits = [1: .seconds(5), 2: .seconds(1)]
    after.waits = [1: .milliseconds(5_100), 2: .milliseconds(1_500), 3: .seconds(9)]
    #expect(after.longestWait(since: before) == 0.25)
    #expect(before.longestWait(since: before) == 0)
  }

  @Test func `nothing happens to the machine within an instant`() {
    let state = MachineState()
    #expect(state.doubts(since: state) == [])
    #expect(state.kernelBytes > 0)
  }
}
