import Answers
import ArgumentParser
import ChatCompletions
import Foundation
import Machine
import MonotonicTime
import Upstream

/// Asks a model once and keeps its answer with its pace, to be replayed.
struct Record: AsyncParsableCommand {
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

  func run() async throws {
    let file = output.map(WrittenFile.init)
    try file?.check()
    let interface = try SourceOptions.interface(baseURL)
    let (tokens, ending) = await answer(from: interface)
    if let failure = ending?.failure { throw NotRecorded(description: failure) }
    guard !tokens.isEmpty else {
      throw NotRecorded(description: "the model at \(interface.place) answered without a text")
    }
    let day = Date.now.formatted(.iso8601.year().month().day())
    let trace = Trace(
      source: "recorded by pushlab record from \(model) at \(interface.place), \(day)", model: model,
      prompt: prompt, tokens: tokens)
    if let file { try file.write(trace.text) } else { try StandardOutput.write(trace.text) }
  }

  /// The whole answer. Times count from when the question was written, on a connection that stood: how long that took to
  /// make is no part of the model's pace.
  private func answer(from interface: ModelInterface) async -> ([Trace.Token], Ending?) {
    let (parts, continuation) = AsyncStream.makeStream(of: AnswerPart.self)
    interface.ask(ChatRequest.body(asking: Question(prompt: prompt, tokenCount: tokens), of: model)) { part in
      continuation.yield(part)
      if case .over = part { continuation.finish() }
    }
    var sent = Instant.now
    var tokens: [Trace.Token] = []
    var ended: Ending?
    for await part in parts {
      switch part {
      case .sent(let instant): sent = instant
      case .chunk(let chunk, let arrived):
        guard let text = chunk.addition else { continue }
        tokens.append(Trace.Token(text: text, offset: max(.zero, sent.duration(to: arrived))))
      case .ending(let ending): ended = ending
      case .over: break
      }
    }
    return (tokens, ended)
  }
}

/// Why there is no trace.
private struct NotRecorded: Error, CustomStringConvertible {
  let description: String
}
