import Foundation
import Testing

/// What a test started ends with the runner of the tests, however that one ends.
@Suite struct RunnerTests {
  /// Where the runner that is to be killed writes the number of its server's process.
  private static let note = ProcessInfo.processInfo.environment["PUSHLAB_RUNNER_NOTE"]

  @Test func `a runner that is killed leaves no server`() async throws {
    let note = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: note) }
    let runner = try Command(
      CommandLine.arguments[0],
      ["--testing-library", "swift-testing", "--filter", "waits to be killed"],
      environment: ["PUSHLAB_RUNNER_NOTE": note.path])
    let server = try await number(in: note, of: runner)
    #expect(Self.isRunning(server))
    runner.signal(SIGKILL)
    #expect(await runner.outcome().status == -SIGKILL)
    while Self.isRunning(server) { try await Task.sleep(for: .milliseconds(10)) }
  }

  /// The other side of that test, which alone runs it.
  @Test(.enabled(if: note != nil, "the test above runs it")) func `waits to be killed`() async throws {
    let served = try ServedLab([])
    let note = try #require(Self.note)
    try Data("\(served.server.processIdentifier)".utf8).write(
      to: URL(fileURLWithPath: note), options: .atomic)
    try await Task.sleep(for: .seconds(600))
  }

  private func number(in note: URL, of runner: Command) async throws -> Int32 {
    while true {
      if let text = try? String(contentsOf: note, encoding: .utf8), let number = Int32(text) { return number }
      try #require(Self.isRunning(runner.processIdentifier), "the runner ended by itself")
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  private static func isRunning(_ process: Int32) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
      return false
    }
    return status.split(separator: ")").last?.hasPrefix(" Z") == false
  }
}
