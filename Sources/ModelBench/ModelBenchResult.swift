import Foundation
import Machine
import Measurement
import MonotonicTime
import PlainText

/// What was measured of a model's server.
public struct ModelBenchResult: Codable, Sendable {
  /// What was asked, and how often.
  public var plan: ModelBenchPlan
  /// Who was asked.
  public var server: String
  /// What was typed.
  public var command: String
  /// Where it was measured; its engine is the server's host.
  public var environment: RunEnvironment
  /// From the first request that counts to the last answer's end.
  public var seconds: Double
  /// In the order in which they were asked for, those that failed among them.
  public var answers: [MeasuredAnswer]
  /// Reasons to trust the numbers less.
  public var doubts: [Doubt] = []
  /// By figure; of the whole answers.
  public let figures: [ModelFigure: Estimate]

  public init(
    plan: ModelBenchPlan, server: String, command: String, environment: RunEnvironment, seconds: Double,
    answers: [MeasuredAnswer]
  ) {
    self.plan = plan
    self.server = server
    self.command = command
    self.environment = environment
    self.seconds = seconds
    self.answers = answers
    let whole = answers.filter { $0.failure == nil }
    figures = Dictionary(
      uniqueKeysWithValues: ModelFigure.allCases.compactMap { figure in
        Estimate(whole.compactMap { Quantiles(figure.samples(of: $0)).median }).map { (figure, $0) }
      })
  }

  /// Those that every number but the goodput rests on.
  public var whole: [MeasuredAnswer] { answers.filter { $0.failure == nil } }

  /// All whole answers' samples together.
  public func samples(_ figure: ModelFigure) -> [Double] { whole.flatMap(figure.samples) }

  /// The 99th percentile of all gaps between chunks that have a text; nil where the independent ones among them do not
  /// carry it, as `Metric.gap99` asks.
  public var interChunkLatency99: Double? {
    let samples = ReadersSamples(
      whole.map { answer in
        let sent = answer.sentMilliseconds ?? 0
        return zip(answer.textChunkMilliseconds.dropFirst(), answer.interChunkLatencies).map { time, gap in
          ReadersSamples.Sample(value: gap, at: Instant(nanoseconds: Int64((sent + time) * 1e6)))
        }
      })
    let isCarried = samples.effectiveCount(at: 0.99) >= Metric.gap99.samplesNeeded
    return isCarried ? samples.pooled.value(at: 0.99) : nil
  }

  /// How many answers kept every limit of the plan.
  public var goodCount: Int { answers.count(where: plan.limits.areMet) }

  /// Of all answers together, by the server's own count; nil where it does not tell.
  public var tokensPerSecond: Double? {
    let tokens = whole.compactMap(\.completionTokens).filter { $0 > 0 }
    guard !tokens.isEmpty, tokens.count == whole.count, seconds > 0 else { return nil }
    return Double(tokens.reduce(0, +)) / seconds
  }

  /// Each reason once, with how many answers it kept from being whole, in the order of their first.
  public var failures: [(reason: String, count: Int)] {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for reason in answers.compactMap(\.failure) {
      if counts[reason] == nil { order.append(reason) }
      counts[reason, default: 0] += 1
    }
    return order.map { ($0, counts[$0] ?? 0) }
  }

  /// Notes what this process itself suffered while it measured.
  mutating func doubt(process before: ProcessUsage, _ after: ProcessUsage) {
    let share = after.share(since: before)
    if share > 0.8 { doubts.append(.readersBusy(share: share)) }
    let wait = after.longestWait(since: before)
    if wait > 0.05 { doubts.append(.processorsShared(share: wait)) }
    if environment.build == "debug" { doubts.append(.debugBuild) }
  }

  /// All of it, for other programs.
  /// - Throws: `EncodingError`, which numbers and texts of ours do not cause.
  public var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self).asHarmlessJSON + "\n"
    }
  }
}
