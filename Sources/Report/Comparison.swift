import Experiments
import Measurement
import PlainText

/// What changed from one run to another of the same experiment.
public struct Comparison {
  private let before: RunResult
  private let after: RunResult

  /// Two runs of one experiment agree within these, wherever they were measured with care.
  private static let tolerances: [(metrics: [Metric], share: Double)] = [
    ([.requests, .bytesDown, .bytesUp], 0.01), ([.serverProcessor], 0.10),
  ]

  /// - Throws: `ExperimentError` where the two are of different experiments, or one of them is a quick look.
  public init(_ before: RunResult, _ after: RunResult) throws {
    guard before.experiment == after.experiment else {
      throw ExperimentError(
        "the first is of '\(before.experiment)', the second of '\(after.experiment)': compare two runs of one"
      )
    }
    guard !before.plan.isQuick, !after.plan.isQuick else {
      throw ExperimentError(
        "\(before.plan.isQuick ? "the first" : "the second") is a quick look, which is too little to compare by: run it "
          + "without --quick")
    }
    self.before = before
    self.after = after
  }

  /// Entries that both runs have.
  private var entries: [String] {
    before.plan.entries.map(\.name).filter { name in after.plan.entries.contains { $0.name == name } }
  }

  public var text: String {
    var table = TextTable()
    table.add(["", "metric", "before", "after", "change", ""])
    for entry in entries {
      for metric in before.plan.metrics {
        guard let old = before.estimate(metric, of: entry), let new = after.estimate(metric, of: entry) else {
          continue
        }
        table.add([entry, metric.title, old.words, new.words, Self.change(old, new), Self.verdict(old, new)])
      }
    }
    let agreement = agreement.isEmpty ? [] : [""] + agreement
    let notes = (agreement + failures).map(\.onOneLine)
    return (["\(before.title): what changed".onOneLine, ""] + table.lines + notes)
      .joined(separator: "\n") + "\n"
  }

  /// What went wrong with either run.
  private var failures: [String] {
    let lines = [("before", before), ("after", after)].flatMap { name, result in
      Report(result).failures.map { "\(name), \($0)" }
    }
    return lines.isEmpty ? [] : [""] + lines
  }

  private static func change(_ old: Estimate, _ new: Estimate) -> String {
    guard old.median != 0 else { return new.median == 0 ? "0 %" : "–" }
    let percent = (new.median / old.median - 1) * 100
    guard percent.isFinite else { return "–" }
    return "\(percent > 0 ? "+" : "")\(percent.text(digits: 1)) %"
  }

  /// Intervals over several runs that do not touch are the sign of a change. What one run's trials repeat says nothing
  /// of how another run of the same would differ.
  private static func verdict(_ old: Estimate, _ new: Estimate) -> String {
    guard let before = old.interval, let after = new.interval else { return "too few to tell" }
    guard after.low > before.high || after.high < before.low else { return "no change shown" }
    return old.basis == .runs && new.basis == .runs ? "changed" : "apart, in one run each"
  }

  /// Whether the two agree as closely as two careful runs should, said for each kind of cost.
  private var agreement: [String] {
    Self.tolerances.compactMap { metrics, share in
      let shown = metrics.filter { before.plan.metrics.contains($0) && after.plan.metrics.contains($0) }
      guard !shown.isEmpty else { return nil }
      let changes = entries.flatMap { entry in
        shown.compactMap { metric -> (Double, String)? in
          guard let old = before.estimate(metric, of: entry), let new = after.estimate(metric, of: entry),
            old.median > 0
          else { return nil }
          return (abs(new.median / old.median - 1), "\(entry.onOneLine), \(metric.title)")
        }
      }
      let names = shown.map(\.title).joined(separator: ", ")
      guard let worst = changes.max(by: { $0.0 < $1.0 }) else { return "\(names): nothing to compare" }
      let within = worst.0 <= share ? "agree within" : "differ by more than"
      return "\(names): the runs \(within) \((share * 100).text(digits: 0)) % "
        + "(most: \((worst.0 * 100).text(digits: 2)) %, \(worst.1))"
    }
  }
}
