import Answers
import Experiments
import Foundation
import Testing

@testable import Results

/// The command as a person types it.
@Suite struct CommandTests {
  @Test func `a run measures all variants and leaves a result`() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("experiment.yml")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.experiment.write(to: file, atomically: true, encoding: .utf8)
    let out = folder.appendingPathComponent("out").path

    let outcome = try await Command.run(Command.pushlab, ["run", file.path, "--out", out])
    #expect(outcome.status == 0)
    // How long it takes, and what it will not tell, is told before it starts.
    #expect(
      outcome.errors == """
        pushlab: \(folder.lastPathComponent) takes about 1 s
        pushlab: 2 trials are too few for differences from the baseline: with 6 metrics it takes 8

        """)
    let data = try Data(contentsOf: URL(fileURLWithPath: out + "/result.json"))
    let result = try JSONDecoder().decode(RunResult.self, from: data)
    #expect(result.trials.count == 8)
    for variant in ["short-polling", "long-polling", "server-sent-events", "websocket"] {
      #expect(outcome.output.contains(variant))
      #expect(result.ledger(of: variant).isClean)
      #expect(result.ledger(of: variant).delivered == 40)
      #expect(result.failures(of: variant) == [])
    }
    // What is there already is never overwritten.
    let again = try await Command.run(Command.pushlab, ["run", file.path, "--out", out])
    #expect(again.status == 1)
    #expect(try Data(contentsOf: URL(fileURLWithPath: out + "/result.json")) == data)
  }

  static let experiment = """
    title: A short one
    question: Does it run?
    prediction: It does.
    stream: {prompt: hi, tokens: 10, rate: 200, think: 0.01}
    readers: 2
    transports:
      - {transport: short-polling, interval: 0.01}
      - transport: long-polling
      - transport: server-sent-events
      - transport: websocket
    trials: 2
    """

  @Test func `list shows each experiment with its question`() async throws {
    let outcome = try await Command.run(Command.pushlab, ["list"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("01-typewriter"))
    #expect(outcome.output.contains("?"))
  }

  @Test func `doctor tries the event loop and names what is missing`() async throws {
    let outcome = try await Command.run(Command.pushlab, ["doctor"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(try Regex("yes  event loop libev +serves")))
    #expect(outcome.output.contains(try Regex("yes  curl ")))
    let missing = outcome.output.split(separator: "\n").filter { $0.hasPrefix("no ") }
    #expect(missing.allSatisfy { $0.contains(": ") || $0.contains("; ") })
  }

  @Test func `every experiment that ships can be read`() throws {
    let library = ExperimentLibrary(folder: Command.project.appendingPathComponent("experiments").path)
    #expect(!library.names.isEmpty)
    for name in library.names { _ = try library.experiment(name) }
  }

  @Test(arguments: ["short-polling", "long-polling", "server-sent-events", "websocket"])
  func `watch types the answer`(_ transport: String) async throws {
    let arguments = [
      "watch", "--transport", transport, "--tokens", "9", "--rate", "500", "--think", "0", "hello",
    ]
    let outcome = try await Command.run(Command.pushlab, arguments)
    #expect(outcome.status == 0)
    #expect(outcome.output == Self.answer(tokens: 9).joined() + "\n")
  }

  @Test func `watch shows the very bytes`() async throws {
    let arguments = ["watch", "--wire", "--tokens", "2", "--rate", "500", "--think", "0.05", "hello"]
    let outcome = try await Command.run(Command.pushlab, arguments)
    #expect(outcome.output.contains(#"> POST /streams HTTP/1.1\r\n"#))
    #expect(outcome.output.contains(#"< transfer-encoding: chunked\r\n"#))
    let first = Self.answer(tokens: 2)[0]
    #expect(outcome.output.contains(#"< data: {"index":0,"token":"\#(first)"}\n"#))
  }

  private static func answer(tokens: Int) -> [String] {
    Array(Script(Question(prompt: "hello", tokenCount: tokens)))
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    /// 2: typed wrongly; 1: cannot be done.
    var status: Int32 = 2
    /// What the one line must speak of.
    var word: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  /// A server that ends at once if, against expectation, it starts.
  private static let serving = ["serve", "--port", "0", "--stop-at-end-of-input"]

  static let mistakes = [
    Mistake(arguments: ["run", "02-nowhere"], word: "01-typewriter"),
    Mistake(arguments: ["run", "typewritr"], word: "(did you mean 01-typewriter?)"),
    Mistake(arguments: ["run", "nowhere/experiment.yml"], status: 1, word: "no such experiment file"),
    Mistake(arguments: ["run", "01-typewriter", "--every", "60"], word: "--every spreads several runs"),
    Mistake(arguments: ["run", "01-typewriter", "--every", "60", "--runs", "1"], word: "give --runs"),
    Mistake(arguments: ["run", "01-typewriter", "--every", "60", "--quick"], word: "leave --every out"),
    Mistake(arguments: ["run", "01-typewriter", "--trials", "0"], word: "--trials"),
    Mistake(
      arguments: ["run", "01-typewriter", "--quick", "--out", "/proc/nowhere"], status: 1, word: "--out"),
    Mistake(arguments: ["report", "nowhere"], status: 1, word: "nowhere"),
    Mistake(arguments: ["report", "Makefile"], status: 1, word: "not a result"),
    Mistake(arguments: ["compare", "Makefile", "Makefile"], status: 1, word: "not a result"),
    Mistake(arguments: ["report", "Makefile", "--format", "pdf"], word: "markdown"),
    Mistake(arguments: ["run", "01-typewriter", "--seed", "-1"], word: "--seed"),
    Mistake(arguments: ["serve", "--port", "99999"], word: "--port"),
    Mistake(arguments: ["serve", "--port", "0", "--host", "not-an-address"], status: 1, word: "--host"),
    Mistake(arguments: serving + ["--host", "0.0.0.0"], word: "PUSHLAB_TOKEN"),
    Mistake(arguments: serving + ["--host", "::"], word: "--token"),
    Mistake(arguments: serving + ["--host", "192.0.2.1"], word: "--token"),
    Mistake(arguments: serving + ["--host", "0"], word: "--token"),
    Mistake(arguments: ["serve", "--port", "0", "--token", "too-short"], word: "at least 16"),
    Mistake(arguments: ["serve", "--port", "0", "--token", "sixteen and more"], word: "no spaces"),
    Mistake(arguments: ["serve", "--port", "0", "--allow-origin", "null"], word: "null"),
    Mistake(arguments: ["serve", "--port", "0", "--allow-origin", "*"], word: "scheme://host[:port]"),
    Mistake(arguments: ["serve", "--port", "0", "--allow-host", "http://a"], word: "--allow-host"),
    Mistake(arguments: ["watch", "--rate", "0", "hello"], word: "rate"),
    Mistake(arguments: ["watch", "--transport", "pigeon", "hello"], word: "websocket"),
    Mistake(arguments: ["watch", "--transport", "websockets", "hello"], word: "(did you mean websocket?)"),
    Mistake(
      arguments: ["watch", "--interval", "1", "hello"], word: "--interval applies to short-polling only"),
    Mistake(
      arguments: ["watch", "--transport", "long-polling", "--interval", "1", "hello"],
      word: "--interval applies to short-polling only"),
    Mistake(
      arguments: ["watch", "--transport", "short-polling", "--interval", "0", "hello"],
      word: "--interval takes seconds"),
    Mistake(arguments: ["watch", ""], word: "the prompt is empty"),
    Mistake(arguments: ["watch", "--rate", "nan", "hello"], word: "--rate takes a number"),
    Mistake(arguments: ["watch", "--think", "1e300", "hello"], word: "--think"),
    Mistake(arguments: ["watch", "--think=-1e300", "hello"], word: "--think"),
    Mistake(arguments: ["watch"], word: "'pushlab watch --help' shows how"),
    Mistake(arguments: ["--nonsense"], word: "'pushlab --help' shows how"),
    Mistake(arguments: serving + ["--static", "Makefile"], word: "--static takes a folder"),
    Mistake(arguments: ["wach"], word: "watch"),
  ]

  @Test(arguments: mistakes)
  func `a mistake is answered in words, without a trace`(_ mistake: Mistake) async throws {
    let outcome = try await Command.run(Command.pushlab, mistake.arguments)
    #expect(outcome.status == mistake.status)
    #expect(outcome.errors.contains(mistake.word))
    #expect(outcome.errors.hasPrefix("pushlab: "))
    #expect(outcome.errors.count { $0.isNewline } == 1)
    #expect(outcome.output == "")
  }

  @Test func `a busy port is named`() async throws {
    try await withLab { lab in
      let outcome = try await Command.run(Command.pushlab, ["serve", "--port", String(lab.port)])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("port \(lab.port) on 127.0.0.1 is taken"))
    }
  }
}
