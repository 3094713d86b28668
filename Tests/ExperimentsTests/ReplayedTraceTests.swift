import Answers
import Foundation
import MonotonicTime
import Results
import Testing

@testable import Experiments

@Suite struct ReplayedTraceTests {
  private static let trace = """
    {"trace":1,"source":"by hand","prompt":"Why?"}
    {"ms":200,"text":"a"}
    {"ms":300,"text":"b"}
    {"ms":1200,"text":"c"}

    """

  private static let yaml = """
    title: T
    question: Q
    prediction: P
    stream: {prompt: How?, tokens: 40, rate: 50, size: 2}
    conditions:
      - {name: script}
      - {name: recorded, trace: answers/one.jsonl}
    transports:
      - {transport: websocket}
    metrics: [delay_p50_ms]
    """

  /// An experiment in a folder beside its trace.
  private func experiment(
    _ yaml: String = yaml, trace: String = trace
  ) throws -> Experiment {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let answers = folder.appendingPathComponent("answers")
    try FileManager.default.createDirectory(at: answers, withIntermediateDirectories: true)
    try Data(trace.utf8).write(to: answers.appendingPathComponent("one.jsonl"))
    let file = folder.appendingPathComponent("experiment.yml")
    try Data(yaml.utf8).write(to: file)
    return try ExperimentLibrary(folder: nil).experiment(file.path)
  }

  private func mistake(_ yaml: String, trace: String = trace) -> String? {
    #expect(throws: ExperimentError.self) { try experiment(yaml, trace: trace) }?.description
  }

  @Test func `a trace's prompt, length and mean pace are the condition's`() throws {
    let conditions = try experiment().conditions
    #expect(conditions[0].trace == nil && conditions[0].prompt == "How?")
    let recorded = conditions[1]
    #expect(recorded.prompt == "Why?" && recorded.tokens == 3 && recorded.tokenSize == 1)
    #expect(recorded.pacing == Pacing(think: .milliseconds(200), rate: 2, jitter: 0))
    #expect(recorded.meanLength == .milliseconds(1_200))
    #expect(recorded.quick.tokens == 3 && recorded.quick.stopAfter == nil)
    let question = try experiment().question(TrialPlace(trial: 0), reader: 0, recorded)
    #expect(
      recorded.source.offsets(of: question) == [.milliseconds(200), .milliseconds(300), .milliseconds(1_200)])
  }

  @Test func `each source has a server of its own`() throws {
    let arguments = try experiment().conditions.map(\.sourceArguments)
    #expect(arguments[0].isEmpty)
    #expect(arguments[1].prefix(2) == ["--source", "trace"])
    #expect(arguments[1][2].hasPrefix("/") && arguments[1][2].hasSuffix("/answers/one.jsonl"))
  }

  @Test func `a stream that is a trace needs no prompt`() throws {
    let yaml = Self.yaml.replacing(
      "stream: {prompt: How?, tokens: 40, rate: 50, size: 2}", with: "stream: {trace: answers/one.jsonl}")
    #expect(try experiment(yaml).conditions.map(\.prompt) == ["Why?", "Why?"])
  }

  @Test func `mistakes name the experiment's line`() {
    let missing = mistake(Self.yaml.replacing("one.jsonl", with: "two.jsonl"))
    #expect(missing?.hasSuffix("experiment.yml:7: the trace 'answers/two.jsonl' cannot be read") == true)
    let both = mistake(Self.yaml.replacing("{name: recorded,", with: "{name: recorded, rate: 9,"))
    #expect(both?.contains(":7: 'rate' is the script's, and the trace") == true)
    let backwards = mistake(Self.yaml, trace: Self.trace.replacing("1200", with: "12"))
    #expect(backwards?.contains(":7: answers/one.jsonl, line 4: 'ms' runs backwards") == true)
  }
}
