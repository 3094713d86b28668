import LabServer
import Testing

@testable import Experiments
@testable import Results

@Suite struct ServerLimitTests {
  private func experiment(_ serve: String) throws -> Experiment {
    try Experiment(name: "01-x", yaml: ExampleFiles.least + "\nserve:\n\(serve)", file: "x.yml")
  }

  @Test func `each limit is shown to whoever knows, as it was written`() throws {
    let experiment = try experiment("  stall-time: 07\n  max-lag: -5\n")
    var seen: [String] = []
    try experiment.checkServerLimits { option, value in
      seen.append("\(option) \(value)")
      return nil
    }
    #expect(seen == ["stall-time 07", "max-lag -5"])
    #expect(experiment.serverArguments == ["--stall-time=07", "--max-lag=-5"])
  }

  // A server holds finished streams for a minute: turns of 4,000 readers, six seconds each, meet those of ten before.
  @Test func `many readers get room for the streams of earlier turns`() throws {
    let yaml = """
      {title: T, question: Q, prediction: P, stream: {prompt: x, tokens: 19, rate: 3}, readers: 4000,
       transports: [{transport: websocket}]SERVE}
      """
    func arguments(_ serve: String) throws -> [String] {
      try Experiment(name: "x", yaml: yaml.replacing("SERVE", with: serve), file: "x.yml").serverArguments
    }
    #expect(try arguments("") == ["--max-streams=44000"])
    #expect(try arguments(", serve: {retention: 1}") == ["--retention=1"])
    #expect(try arguments(", serve: {max-streams: 5}") == ["--max-streams=5"])
    let large = yaml.replacing("tokens: 19", with: "tokens: 1000, size: 500").replacing("SERVE", with: "")
    let room = try Experiment(name: "x", yaml: large, file: "x.yml").serverArguments
    #expect(room == ["--max-held-pieces=1000000000"])
  }

  @Test func `readers that wait while memory is measured get room, and connections too`() throws {
    let yaml = ExampleFiles.least + "\nmemory: 25000\n"
    let arguments = try Experiment(name: "x", yaml: yaml, file: "x.yml").serverArguments
    #expect(
      arguments == [
        "--max-connections=25100", "--max-connections-per-address=25100", "--max-held-polls=25100",
        "--max-streams=25001",
      ])
  }

  @Test func `what a server takes by itself is what the server says`() {
    let limits = Limits()
    let own = [
      "max-connections": Double(limits.connection.connections),
      "max-connections-per-address": Double(limits.connection.connectionsPerAddress),
      "max-held-polls": Double(limits.heldPolls), "max-streams": Double(limits.streams),
      "max-held-pieces": Double(limits.heldPieces), "retention": limits.retention / .seconds(1),
      "stall-time": limits.connection.stallTime / .seconds(1),
    ]
    #expect(Experiment.ownLimits == own)
  }

  @Test func `what is wrong with one is told with its line`() throws {
    let experiment = try experiment("  stall-time: 7\n  max-lag: 5\n")
    let error = #expect(throws: ExperimentError.self) {
      try experiment.checkServerLimits { option, _ in option == "max-lag" ? "too little" : nil }
    }
    #expect(error?.description == "x.yml:11: too little")
  }

  @Test(arguments: ["nan", ".inf", "0x10", "1:30", "1_000", "~", "", "soon", "[1]"])
  func `a limit is a decimal number`(_ value: String) {
    let error = #expect(throws: ExperimentError.self) { try experiment("  stall-time: \(value)\n") }
    #expect(
      error?.description
        == "x.yml:10: 'serve' takes limits and times of 'pushlab serve', such as 'stall-time: 6'")
  }
}
