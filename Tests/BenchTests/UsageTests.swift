import Glibc
import Machine
import Testing

@testable import Bench

@Suite struct UsageTests {
  // It would have taken next to no time, and given memory back.
  @Test func `a server that has ended has no time and no memory`() throws {
    let server = try ChildProcess("/bin/cat", [])
    let before = Usage(of: [getpid(), server.processIdentifier])
    #expect(before.residentBytes != nil && before.serverTime(since: before) == .zero)
    server.signal(SIGKILL)
    server.wait()
    let after = Usage(of: [getpid(), server.processIdentifier])
    #expect(after.residentBytes == nil && after.serverTime(since: before) == nil)
    #expect(after.serverShare(since: before) == 0)
  }
}
