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

  /// One line a figure; where that is too wide, one paragraph.
  private var table: [String] {
    var table = TextTable()
    table.add(["", "median", "mean", "p99", "greatest"])
    for figure in ModelFigure.allCases {
      if figure == ModelFigure.ofOthers.first { table.add(heading: "") }
      if let row = row(figure) { table.add(row) }
    }
    guard table.rowWidth > width else { return table.lines }
    return ModelFigure.allCases.compactMap(row).flatMap { row in
      wrapped("\(row[0]): median \(row[1]), mean \(row[2]), p99 \(row[3]), greatest \(row[4])")
    }
  }

  private func row(_ figure: ModelFigure) -> [String]? {
    let samples = result.samples(figure)
    guard let estimate = result.figures[figure], let greatest = samples.max() else { return nil }
    let mean = samples.reduce(0, +) / Double(samples.count)
    let p99 = figure == .interChunkLatency ? result.interChunkLatency99?.text : nil
    return ["\(figure.title), \(figure.unit)", estimate.words, mean.text, p99 ?? "–", greatest.text]
  }

  private var totals: [String] {
    var lines: [String] = []
    if let rate = result.tokensPerSecond {
      lines.append("All answers together: \(rate.text) tokens per second, by the server's own count.")
    }
    let silent = result.whole.count { $0.textTokens == nil }
    if silent > 0 {
      lines.append(
        "\(silent) of \(result.whole.count) answers came without a count of their tokens: they have no TPOT, and cannot be "
          + "good where one is asked for.")
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
      limits.timeToFirstToken.map { "\($0.text) ms to their first token" },
      limits.timePerOutputToken.map { "\($0.text) ms per further token" },
    ].compactMap(\.self)
    return words.isEmpty ? nil : words.joined(separator: " and ")
  }

  private var howToRead: [String] {
    let interval = result.figures[.timeToFirstToken]?.interval
    let range =
      interval.map {
        "in brackets their 95 % confidence interval (exact, at least \($0.coverage.shareText)), which covers "
          + "repeatability within this run"
      }
      ?? "in parentheses the least and the greatest: too few for a confidence interval, which takes "
      + "\(Interval.fewestValues) answers"
    return [
      "Medians are over answers, each answer's inter-chunk latency being the median of its own; \(range). Mean, p99 and "
        + "greatest are over all gaps of all answers, or over all answers. Times count from when the request was written, on a "
        + "connection that stood, to chunks that have a text: connection setup is left out.",
      "AIPerf's inter-chunk latency is the one of this table, and so are its TTFT and, under another name, its TPOT, unless "
        + "the model thinks aloud, which they count. vLLM's benchmark takes every chunk with a choice for a token, also the "
        + "first, which may say no more than who speaks, and the last.",
      "The load is closed: a reader asks anew once its answer is there, so a server that slows down is asked less.",
      "p99 is shown of the inter-chunk latency, where \(Metric.gap99.samplesNeeded) independent gaps of several answers carry "
        + "it.",
    ]
  }

  private var warnings: [String] {
    let failed = result.failures.map { reason, count in
      "\(count) of \(result.answers.count) answers failed: \(reason)"
    }
    let left = result.plan.requests - result.answers.count
    let why = result.whole.isEmpty ? "no answer came whole" : "it was interrupted"
    let missing = left > 0 ? ["\(left) of \(result.plan.requests) answers were not asked for: \(why)"] : []
    // Of nothing, nothing is to be doubted.
    return missing + failed + (result.whole.isEmpty ? [] : result.doubts.map(\.text))
  }

  private func wrapped(_ text: String) -> [String] { Lines(of: text, width: width).lines }
}
