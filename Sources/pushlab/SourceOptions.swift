import Answers
import ArgumentParser
import Foundation
import Upstream

/// Where the answers come from.
struct SourceOptions: ParsableArguments {
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case script
    case trace
    case openai
  }

  @Option(
    help: """
      Where the answers come from: a seeded script, a trace that was recorded before, or a model behind the OpenAI \
      interface.
      """)
  var source = Kind.script

  @Argument(help: ArgumentHelp("The trace to replay, with --source trace.", valueName: "file"))
  var trace: String?

  @Option(
    name: .customLong("base-url"),
    help: ArgumentHelp(
      """
      Where the model's interface is, such as http://localhost:8000/v1, with --source openai. Its key is taken from the \
      environment variable OPENAI_API_KEY.
      """, valueName: "url"))
  var baseURL: String?

  @Option(help: "The model's name there, with --source openai.")
  var model: String?

  @Option(help: "Seconds (60) after which a model that says nothing is given up, with --source openai.")
  var silence: Double?

  func validate() throws {
    if let silence { try Self.checkSilence(silence) }
  }

  static func checkSilence(_ seconds: Double) throws {
    guard (0.1...86_400).contains(seconds) else {
      throw ValidationError("--silence takes seconds from 0.1 to 86400")
    }
  }

  /// - Throws: `ValidationError`.
  func answers() throws -> any AnswerSource {
    if source != .trace, let trace {
      throw ValidationError("'\(trace)' is left over: only --source trace takes a file")
    }
    if source != .openai, baseURL != nil || model != nil || silence != nil {
      throw ValidationError("--base-url, --model and --silence belong to --source openai")
    }
    switch source {
    case .script: return SeededScript()
    case .trace: return RecordedAnswer(try readTrace())
    case .openai: return try upstream()
    }
  }

  private func readTrace() throws -> Trace {
    guard let trace else { throw ValidationError("--source trace takes a file: --source trace FILE") }
    do throws(TraceMistake) {
      return try Trace(file: trace)
    } catch {
      throw ValidationError(error.description)
    }
  }

  private func upstream() throws -> UpstreamModel {
    guard let baseURL, let model, !model.isEmpty else {
      throw ValidationError("--source openai takes --base-url URL and --model NAME")
    }
    return UpstreamModel(model, at: try Self.interface(baseURL, silence: silence ?? 60))
  }

  /// The interface there, with the key of the environment; an empty variable is no key.
  /// - Throws: `ValidationError`.
  static func interface(_ baseURL: String, silence seconds: Double = 60) throws -> ModelInterface {
    let key = ProcessInfo.processInfo.environment["OPENAI_API_KEY"].flatMap { $0.isEmpty ? nil : $0 }
    do throws(UpstreamMistake) {
      return try ModelInterface(baseURL: baseURL, key: key, silence: .milliseconds(Int64(seconds * 1_000)))
    } catch {
      throw ValidationError(error.description)
    }
  }
}
