import Answers
import Faults
import LabClient
import LabServer
import Testing
import Wire

/// `pushlab watch` over a way on which its connection is reset in the midst of the answer.
@Suite struct WatchTests {
  private func watch(_ arguments: [String]) async throws -> Command.Outcome {
    var outcome: Command.Outcome?
    try await withLab { lab in
      let plan = FaultPlan(kinds: [.reset], spacing: .tokens(mean: 10), limit: 1, seed: 4)
      let link = try await FaultyLink(port: lab.port, plan: plan)
      outcome = try await Command.run(
        Command.pushlab,
        ["watch", "--port", String(link.port), "--tokens", "40", "--rate", "200", "--think", "0"] + arguments
          + ["hello"])
      #expect(link.counts == [.reset: 1])
      await link.stop()
    }
    return try #require(outcome)
  }

  @Test(arguments: ["server-sent-events", "websocket", "long-polling"])
  func `watch comes back and types the whole answer`(_ transport: String) async throws {
    let outcome = try await watch(["--transport", transport])
    #expect(outcome.status == 0)
    #expect(outcome.output == Array(Script(Question(prompt: "hello", tokenCount: 40))).joined() + "\n")
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first == "[lost: the connection ended before the stream did; trying again]")
    #expect(lines.last?.hasPrefix("[back after ") == true)
  }

  @Test func `watch says what is missing of an answer that ended well`() async throws {
    try await withLab { lab in
      let relay = try await Relay(to: lab.address) { MessageFaults(dropped: 6).change() }
      let outcome = try await Command.run(
        Command.pushlab,
        [
          "watch", "--port", String(relay.address.port), "--tokens", "40", "--rate", "200", "--think", "0",
          "hello",
        ])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("this is not the answer as it was generated: 39 of 40: 1 lost"))
      try await relay.stop()
    }
  }

  @Test(arguments: Transport.allCases)
  func `watch shows the token of the environment`(_ transport: Transport) async throws {
    let token = "correct-horse+battery/1="
    try await withLab(access: try Access(listeningOn: "127.0.0.1", token: token)) { lab in
      func watch(_ environment: [String: String]) async throws -> Command.Outcome {
        try await Command.run(
          Command.pushlab,
          [
            "watch", "--port", String(lab.port), "--tokens", "5", "--rate", "200", "--think", "0",
            "--transport", transport.name, "hello",
          ], environment: environment)
      }
      let shown = try await watch(["PUSHLAB_TOKEN": token])
      #expect(shown.output == Array(Script(Question(prompt: "hello", tokenCount: 5))).joined() + "\n")
      let kept = try await watch([:])
      #expect(kept.status == 1)
      #expect(kept.errors.contains("the server answered 401: this requires the server"))
    }
  }

  @Test func `watch says where nobody listens`() async throws {
    let outcome = try await Command.run(Command.pushlab, ["watch", "--port", "1", "--no-resume", "hello"])
    #expect(outcome.status == 1)
    let expected = "pushlab: the server cannot be reached: 127.0.0.1, port 1: Connection refused\n"
    #expect(outcome.errors == expected)
  }

  @Test func `watch ends at the first loss where it was told to`() async throws {
    let outcome = try await watch(["--no-resume"])
    #expect(outcome.status == 1)
    #expect(outcome.errors == "pushlab: the connection ended before the stream did\n")
  }
}
