import Answers
import Foundation
import Testing

/// A server that has no descriptors left.
@Suite struct DescriptorTests {
  @Test func `more connections than descriptors are refused in words, and fit again later`() async throws {
    let served = try ServedLab([], openFiles: 160)
    let before = served.descriptors
    var crowd = try (0..<400).map { _ in try RawConnection(port: served.lab.port) }
    for connection in crowd { try connection.send(Self.request) }
    // Some may be closed without a word where too many others are being told, also while they are looked at.
    let answers = crowd.map { connection in (try? connection.response().status) ?? 0 }
    #expect(Set(answers).isSubset(of: [200, 503, 0]))
    #expect(answers.count { $0 == 200 } == 160 - 96)
    #expect(answers.count { $0 == 503 } >= 64)
    let first = try #require(answers.firstIndex(of: 200))
    try await expectIdle(served, held: crowd[first])
    crowd = []
    try await recovers(served, descriptors: before)
  }

  /// The limit falls while connections are open: `accept` itself fails.
  @Test func `connections that cannot be accepted wait in the kernel`() async throws {
    // Those that are in stay, however long the rest takes.
    let served = try ServedLab(["--idle-time", "3600"])
    let before = served.descriptors
    var held = try (0..<20).map { _ in try RawConnection(port: served.lab.port) }
    for connection in held {
      try connection.send(Self.request)
      #expect(try connection.response().status == 200)
    }
    let outcome = try await Command.run(
      "/usr/bin/prlimit",
      ["--pid", String(served.server.processIdentifier), "--nofile=\(served.descriptors):"])
    #expect(outcome.status == 0)
    var waiting = try (0..<50).map { _ in try RawConnection(port: served.lab.port) }
    for connection in waiting { try connection.send(Self.request) }
    try await expectIdle(served, held: held[0])
    // As those leave that are in, those that wait come in.
    held = []
    for connection in waiting.prefix(20) { #expect(try connection.response().status == 200) }
    waiting = Array(waiting.dropFirst(20))
    for connection in waiting.prefix(20) { #expect(try connection.response().status == 200) }
    waiting = []
    try await recovers(served, descriptors: before)
  }

  private static let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

  /// Two seconds, in which a server that spins uses all of the processor.
  private func expectIdle(_ served: ServedLab, held: RawConnection?) async throws {
    let used = served.server.processorTime
    try await Task.sleep(for: .seconds(2))
    #expect(served.server.processorTime - used < .milliseconds(400))
    // Those who are in go on.
    try held?.send(Self.request)
    #expect(try held?.response().status == 200)
  }

  private func recovers(_ served: ServedLab, descriptors: Int) async throws {
    try await eventually { served.descriptors <= descriptors }
    #expect(try served.lab.request("GET", "/healthz").status == 200)
    #expect(served.isRunning)
    await served.lab.reader.shutDown()
  }
}
