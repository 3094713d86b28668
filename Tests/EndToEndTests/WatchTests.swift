import Experiments
import Testing
import TokenStream

/// `pushlab watch` beside a server that is killed and started again.
@Suite struct WatchTests {
  private func watch(_ arguments: [String]) async throws -> Command.Outcome {
    let server = try ServerProcess(executable: Command.pushlab, port: ServerProcess.freePort())
    defer { server.stop() }
    let lab = LabFixture(port: server.address.port)
    let command = try Command(
      Command.pushlab,
      ["watch", "--port", String(lab.port), "--tokens", "80", "--rate", "40", "--think", "0"] + arguments
        + ["hello"])
    try await lab.untilMetric("pushlab_streams_started_total", is: 1)
    try server.restart()
    await lab.reader.shutDown()
    return command.outcome()
  }

  @Test(arguments: ["server-sent-events", "websocket"])
  func `watch comes back and types the whole answer`(_ transport: String) async throws {
    let outcome = try await watch(["--transport", transport])
    #expect(outcome.status == 0)
    #expect(outcome.output == Array(Script(Question(prompt: "hello", tokenCount: 80))).joined() + "\n")
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first == "[lost: the connection ended before the stream did]")
    #expect(lines.last?.hasPrefix("[back after ") == true)
  }

  @Test func `watch ends at the first loss where it was told to`() async throws {
    let outcome = try await watch(["--no-resume"])
    #expect(outcome.status == 1)
    #expect(outcome.errors == "pushlab: the connection ended before the stream did\n")
  }
}
