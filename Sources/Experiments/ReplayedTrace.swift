import Answers
import Foundation
import MonotonicTime
import Results
import Wire

/// A recorded answer that an experiment's server replays.
public struct ReplayedTrace: Hashable, Sendable {
  /// As the server finds it.
  var path: String
  var answer: RecordedAnswer

  /// - Parameter path: as the file names it, from its own folder on.
  /// - Throws: `ExperimentError` that names the experiment's file and line.
  init(_ path: String, in section: Section) throws(ExperimentError) {
    let file = URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: section.file))
    self.path = file.standardizedFileURL.path
    do throws(TraceMistake) {
      answer = RecordedAnswer(try Trace(file: self.path, name: path))
    } catch {
      throw section.mistake(at: section.mapping["trace"], error.description)
    }
  }

  /// What a server replays it with.
  var serverArguments: [String] { ["--source", "trace", path] }
}

extension Experiment.Condition {
  /// What answers.
  var source: any AnswerSource { trace?.answer ?? SeededScript() }

  /// What the server that answers is started with.
  var sourceArguments: [String] {
    (servingOptions ?? []) + (trace?.serverArguments ?? [])
  }

  /// What of it is how the server sends; nil where it sends as it does by itself.
  var servingOptions: [String]? {
    let options = (hints.map { ["--forwarding-hints=\($0)"] } ?? []) + sending.options
    return options.isEmpty ? nil : options
  }

  mutating func replay(_ trace: ReplayedTrace) {
    self.trace = trace
    let recorded = trace.answer.trace
    let offsets = recorded.tokens.map(\.offset)
    prompt = recorded.prompt
    tokens = offsets.count
    tokenSize = 1
    let first = offsets.first ?? .zero
    let typing = ((offsets.last ?? .zero) - first).inSeconds
    // Asked for, they have to be within a question's bounds.
    pacing = Pacing(
      think: min(first, Duration(roundedSeconds: QuestionFields.thinkSeconds.upperBound)), rate: pacing.rate,
      jitter: 0)
    let rates = QuestionFields.rate
    // All at one instant is as fast as can be said.
    pacing.rate =
      typing == 0
      ? rates.upperBound : min(rates.upperBound, max(rates.lowerBound, Double(offsets.count - 1) / typing))
  }
}
