import Answers
import ArgumentParser
import Foundation
import Machine
import MonotonicTime
import Upstream

/// Asks a model once and keeps its answer with its pace, to be replayed.
struct Record: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Records a model's answer as a trace, which serve --source trace replays.",
    discussion: "The key of the model's interface is taken from the environment variable OPENAI_API_KEY.")

  @Argument(help: "What to ask.")
  var prompt: String

  @Option(
    name: .customLong("base-url"),
    help: ArgumentHelp("Where the model's interface is, such as http://localhost:8000/v1.", valueName: "url"))
  var baseURL: String

  @Option(help: "The model's name there.")
  var model: String

  @Option(help: "The most tokens that the answer may have.")
  var tokens = 200

  @Option(help: ArgumentHelp("The file to write; the standard output if left out.", valueName: "file"))
  var output: String?

  func validate() throws {
    guard (1...100_000).contains(tokens) else {
      throw ValidationError("--tokens takes a number from 1 to 100000")
    }
    if prompt.isEmpty { throw ValidationError("the prompt is empty") }
  }

  func run() throws {
    let upstream = UpstreamModel(model, at: try SourceOptions.interface(baseURL))
    let (answered, ending) = answer(from: upstream)
    if let failure = ending.failure { throw NotRecorded(description: failure) }
    let trace = Trace(
      source:
        "recorded by pushlab record from \(upstream.name), \(Date.now.formatted(.iso8601.year().month().day()))",
      model: model, prompt: prompt, tokens: answered)
    guard let output else { return try StandardOutput.write(trace.text) }
    do {
      try trace.text.write(toFile: output, atomically: true, encoding: .utf8)
    } catch {
      throw UnwritableFile(output)
    }
  }

  /// Waits for the whole answer.
  private func answer(from upstream: UpstreamModel) -> ([Trace.Token], Ending) {
    let more = DispatchSemaphore(value: 0)
    var answer = upstream.begin(
      Question(prompt: prompt, tokenCount: tokens), at: .now, whenMore: { more.signal() })
    var answered: [Trace.Token] = []
    while true {
      switch answer.next() {
      case .token(let text, let offset): answered.append(Trace.Token(text: text, offset: offset))
      case .notYet: more.wait()
      case .end(let ending): return (answered, ending)
      }
    }
  }
}

/// Why there is no trace.
private struct NotRecorded: Error, CustomStringConvertible {
  let description: String
}
