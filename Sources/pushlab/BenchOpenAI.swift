import ArgumentParser
import Foundation
import Machine
import ModelBench
import OpenDescriptors
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
      "Further fields of the request, such as '{\"temperature\":0}'; null leaves one out.", valueName: "json")
  )
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
    if plan.body == nil { throw Self.noObject }
  }

  private var plan: ModelBenchPlan {
    ModelBenchPlan(
      model: model, prompt: prompt, tokens: tokens, requests: requests, concurrency: concurrency,
      extraBody: extraBody,
      limits: ModelLimits(
        timeToFirstToken: longestTimeToFirstToken, timePerOutputToken: longestTimePerOutputToken))
  }

  func run() async throws {
    let file = output.map(WrittenFile.init)
    try file?.check()
    try provideDescriptors()
    let interface = try SourceOptions.interface(baseURL, silence: silence)
    guard let bench = ModelBench(plan, of: interface) else { throw Self.noObject }
    Interruption.take()
    let status = StatusLine()
    let result = await bench.run(
      command: TypedCommand.text(CommandLine.arguments.dropFirst()),
      progress: { [requests] in status.show("\($0) of \(requests) answers") },
      isInterrupted: { Interruption.isWished })
    status.clear()
    try StandardOutput.write(ModelBenchText(result, width: Terminal.width).text)
    try file?.write(try result.json)
    if Interruption.isWished { throw ExitCode(Interruption.exitCode) }
    if result.whole.count < result.answers.count { throw ExitCode(1) }
  }

  /// A connection for each answer that is read at a time.
  private func provideDescriptors() throws {
    let needed = concurrency + Descriptors.reserve
    Descriptors.raiseLimit(to: needed)
    guard Descriptors.limit >= needed else {
      throw ValidationError(
        "--concurrency \(concurrency) takes \(needed) open files, and the limit is \(Descriptors.limit): raise 'ulimit -n'"
      )
    }
  }

  private static let noObject = ValidationError(
    "--extra-body takes a JSON object such as '{\"temperature\":0}'")
}
