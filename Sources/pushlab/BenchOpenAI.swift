import ArgumentParser
import Foundation
import Machine
import ModelBench
import PlainText
import Upstream

/// Measures any server of the OpenAI interface.
struct BenchOpenAI: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-openai",
    abstract:
      "Measures a server of the OpenAI interface from outside: time to first token, inter-chunk latency, TPOT.",
    discussion: """
      The key of the interface is taken from the environment variable OPENAI_API_KEY. Ctrl-C ends the measurement after \
      the current answers, which are kept.
      """)

  @Argument(
    help: ArgumentHelp("Where the interface is, such as http://localhost:8000/v1.", valueName: "base-url"))
  var baseURL: String

  @Option(help: "The model's name there.")
  var model: String

  @Option(help: "What to ask.")
  var prompt = "Why is the sky blue?"

  @Option(help: "The most tokens that an answer may have.")
  var tokens = 200

  @Option(help: "How many answers are measured.")
  var requests = 20

  @Option(help: "How many answers are read at a time.")
  var concurrency = 1

  @Option(
    name: .customLong("max-ttft"),
    help: ArgumentHelp(
      "A good answer's first token comes within so many milliseconds.", valueName: "milliseconds"))
  var longestTimeToFirstToken: Double?

  @Option(
    name: .customLong("max-tpot"),
    help: ArgumentHelp(
      "A good answer takes so many milliseconds per further token, on average.", valueName: "milliseconds"))
  var longestTimePerOutputToken: Double?

  @Option(
    name: .customLong("extra-body"),
    help: ArgumentHelp(
      "Further fields of the request, such as '{\"temperature\":0}'.", valueName: "json"))
  var extraBody: String?

  @Option(help: "Seconds after which a server that says nothing is given up.")
  var silence = 60.0

  @Option(help: ArgumentHelp("A file for all that was measured, as JSON.", valueName: "file"))
  var output: String?

  func validate() throws {
    for (name, value, bounds) in [
      ("tokens", tokens, 1...100_000), ("requests", requests, 1...1_000_000),
      ("concurrency", concurrency, 1...ModelInterface.mostAtATime),
    ] where !bounds.contains(value) {
      throw ValidationError("--\(name) takes a number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    for (name, limit) in [("max-ttft", longestTimeToFirstToken), ("max-tpot", longestTimePerOutputToken)] {
      guard (0...86_400_000).contains(limit ?? 0) else {
        throw ValidationError("--\(name) takes milliseconds from 0 to 86400000")
      }
    }
    if model.isEmpty { throw ValidationError("--model takes a name, and this one is empty") }
    if prompt.isEmpty { throw ValidationError("the prompt is empty") }
    try SourceOptions.checkSilence(silence)
    if plan.body == nil {
      throw ValidationError("--extra-body takes a JSON object such as '{\"temperature\":0}'")
    }
  }

  private var plan: ModelBenchPlan {
    ModelBenchPlan(
      model: model, prompt: prompt, tokens: tokens, requests: requests, concurrency: concurrency,
      extraBody: extraBody,
      limits: ModelLimits(
        timeToFirstToken: longestTimeToFirstToken, timePerOutputToken: longestTimePerOutputToken))
  }

  func run() async throws {
    guard let bench = ModelBench(plan, of: try SourceOptions.interface(baseURL, silence: silence)) else {
      return
    }
    Interruption.take()
    let status = StatusLine()
    let result = await bench.run(
      command: (["pushlab"] + CommandLine.arguments.dropFirst().map(\.quotedForShell)).joined(separator: " "),
      progress: { [requests] in status.show("\($0) of \(requests) answers") },
      isInterrupted: { Interruption.isWished })
    status.clear()
    if let output { try write(result, to: output) }
    try StandardOutput.write(ModelBenchText(result, width: Terminal.width).text)
    if Interruption.isWished { throw ExitCode(Interruption.exitCode) }
    if result.whole.count < result.answers.count { throw ExitCode(1) }
  }

  private func write(_ result: ModelBenchResult, to file: String) throws {
    do {
      try result.json.write(toFile: file, atomically: true, encoding: .utf8)
    } catch {
      throw UnwritableFile(file)
    }
  }
}

/// A file that an option names and that cannot be written.
struct UnwritableFile: Error, CustomStringConvertible {
  let description: String

  init(_ file: String) {
    description = "'\(file.onOneLine)' cannot be written"
  }
}
