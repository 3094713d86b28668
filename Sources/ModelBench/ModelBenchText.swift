import Measurement
import PlainText
import Report

/// What a measurement of a model's server ends with, for a terminal.
public struct ModelBenchText {
  private let result: ModelBenchResult
  private let width: Int

  /// - Parameter width: cells that a line may have, at least 40.
  public init(_ result: ModelBenchResult, width: Int = 100) {
    self.result = result
    self.width = min(width, 100)
  }

  public var text: String {
    let title = "\(result.plan.model) at \(result.server): \(answers), \(result.plan.concurrency) at a time"
    var lines = wrapped(title) + [""]
    if result.whole.isEmpty {
      lines += wrapped("No answer came whole: there is nothing to show.") + [""]
    } else {
      lines += table + [""] + (totals + howToRead).flatMap(wrapped) + [""]
    }
    lines += warnings.flatMap(wrapped)
    return lines.joined(separator: "\n") + "\n"
  }

  private var answers: String {
    let (whole, all) = (result.whole.count, result.answers.count)
    return "\(whole == all ? "" : "\(whole.grouped) of ")\(all.grouped) answer\(all == 1 ? "" : "s")"
  }

  private var table: [String] {
    var table = TextTable()
    table.add(["", "median", "mean", "greatest"])
    for figure in ModelFigure.allCases {
      if figure == ModelFigure.ofOthers.first { table.add(heading: "") }
      if let row = row(figure) { table.add(row) }
      if figure == .interChunkLatency, let p99 = result.interChunkLatency99 {
        table.add(["\(figure.title) p99, \(figure.unit)", p99.text, "", ""])
      }
    }
    return table.lines
  }

  private func row(_ figure: ModelFigure) -> [String]? {
    let samples = result.samples(figure)
    guard let estimate = result.estimate(figure), let greatest = samples.max() else { return nil }
    let mean = samples.reduce(0, +) / Double(samples.count)
    return ["\(figure.title), \(figure.unit)", estimate.words, mean.text, greatest.text]
  }

  private var totals: [String] {
    var lines: [String] = []
    if let rate = result.tokensPerSecond {
      lines.append("All answers together: \(rate.text) tokens per second, by the server's own count.")
    } else {
      lines.append("The server does not tell how many tokens its answers have, so that TPOT is not known.")
    }
    if let kept = limits {
      lines.append("Goodput: \(result.goodCount) of \(result.answers.count) answers took at most \(kept).")
    }
    return lines
  }

  /// What a good answer takes at most; nil where nothing is asked of it.
  private var limits: String? {
    let limits = result.plan.limits
    let words = [
      limits.timeToFirstToken.map { "\($0.text) ms to its first token" },
      limits.timePerOutputToken.map { "\($0.text) ms per further token" },
    ].compactMap(\.self)
    return words.isEmpty ? nil : words.joined(separator: " and ")
  }

  private var howToRead: [String] {
    let interval = result.estimate(.timeToFirstToken)?.interval
    let range =
      interval.map {
        "in brackets their 95 % confidence interval (exact, at least \($0.coverage.shareText)), which covers "
          + "repeatability within this run"
      }
      ?? "in parentheses the least and the greatest: too few for a confidence interval, which takes "
      + "\(Interval.fewestValues) answers"
    var lines = [
      "Medians over answers, each answer's inter-chunk latency being the median of its own; \(range). Times count from "
        + "the request's sending, on a connection that stands, to chunks that have a text: connection setup is left out.",
      "AIPerf's TTFT, inter-chunk latency and inter-token latency are the TTFT, the inter-chunk latency and the TPOT of "
        + "this table. vLLM's benchmark takes every chunk with a choice for a token, also the first, which may say no "
        + "more than who speaks, and the last.",
      "The load is closed: a reader asks anew once its answer is there, so a server that slows down is asked less.",
    ]
    if result.interChunkLatency99 == nil {
      lines.append(
        "There is no p99 of the inter-chunk latency: it takes \(Metric.gap99.samplesNeeded) independent gaps, and more than "
          + "one answer.")
    }
    return lines
  }

  private var warnings: [String] {
    let failed = result.failures.map { reason, count in
      "\(count) of \(result.answers.count) answers failed: \(reason)"
    }
    let planned = result.plan.requests - result.answers.count
    let missing =
      planned > 0
      ? ["it was interrupted: \(planned) of \(result.plan.requests) answers were not asked for"] : []
    // Of nothing, nothing is to be doubted.
    return missing + failed + (result.whole.isEmpty ? [] : result.doubts.map(\.text))
  }

  private func wrapped(_ text: String) -> [String] { Lines(of: text, width: width).lines }
}
