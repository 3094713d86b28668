import Measurement
import PlainText
import Results

/// What changed from one run to another of the same experiment.
public struct Comparison {
  private let before: RunResult
  private let after: RunResult
  private let width: Int

  /// Two runs of one experiment agree within these, wherever they were measured with care.
  private static let tolerances: [(metrics: [Metric], share: Double)] = [
    ([.requests, .bytesDown, .bytesUp], 0.01), ([.serverProcessor], 0.10),
  ]

  /// - Parameter width: cells that a line may have, at least 40.
  /// - Throws: `ExperimentError` where the two are of different experiments, or one of them is a quick look.
  public init(_ before: RunResult, _ after: RunResult, width: Int = 100) throws {
    guard before.experiment == after.experiment else {
      throw ExperimentError(
        "the first is of '\(before.experiment)', the second of '\(after.experiment)': compare two runs of one"
      )
    }
    guard !before.plan.isQuick, !after.plan.isQuick else {
      throw ExperimentError(
        "\(before.plan.isQuick ? "the first" : "the second") is a quick look, which is too small to compare: run it "
          + "without --quick")
    }
    self.before = before
    self.after = after
    self.width = width
  }

  /// Entries that both runs have.
  private var entries: [String] {
    before.plan.entries.map(\.name).filter { name in after.plan.entries.contains { $0.name == name } }
  }

  /// What either run was asked for, in the order of the first.
  private var metrics: [Metric] {
    before.plan.metrics + after.plan.metrics.filter { !before.plan.metrics.contains($0) }
  }

  public var text: String {
    let agreement = agreement.isEmpty ? [] : [""] + agreement
    let others = (otherSurroundings + otherFiles + otherEntries + otherReadings).map(\.onOneLine)
    let notes = (agreement + doubts + failures).map(\.onOneLine)
    let lines =
      ["\(before.title): what changed".onOneLine, ""] + others + (others.isEmpty ? [] : [""]) + table + notes
    return lines.flatMap { $0.cells > width ? Lines(of: $0, width: width).lines : [$0] }
      .joined(separator: "\n") + "\n"
  }

  /// All in one where it fits, else a table an entry below its name.
  private var table: [String] {
    var whole = TextTable()
    whole.add([""] + Self.columns)
    for entry in entries {
      for row in rows(entry) { whole.add([entry] + row) }
    }
    if whole.rowWidth <= width { return whole.lines }
    return entries.flatMap { entry in
      var table = TextTable()
      table.add(Self.columns)
      for row in rows(entry) { table.add(row) }
      return [entry.onOneLine] + table.lines
    }
  }

  private static let columns = ["metric", "before", "after", "change", ""]

  private func rows(_ entry: String) -> [[String]] {
    metrics.compactMap { metric in
      let (old, new) = (before.estimate(metric, of: entry), after.estimate(metric, of: entry))
      guard old != nil || new != nil else { return nil }
      let name = "\(metric.title), \(metric.unit)"
      guard let old, let new else {
        return [name, old?.words ?? "–", new?.words ?? "–", "–", old == nil ? "only after" : "only before"]
      }
      return [name, old.words, new.words, Self.change(old, new), Self.verdict(old, new)]
    }
  }

  private func paragraph(_ lines: [String]) -> [String] { lines.isEmpty ? [] : [""] + lines }

  /// What may be why the two differ.
  private var otherSurroundings: [String] {
    let facts: [(String, KeyPath<RunResult, String>)] = [
      ("revision", \.shownRevision), ("machine", \.environment.processor), ("kernel", \.environment.kernel),
      ("engine", \.environment.engine), ("processors", \.shownProcessors), ("trials", \.shownPlan),
    ]
    return facts.compactMap { name, fact in
      let (old, new) = (before[keyPath: fact], after[keyPath: fact])
      return old == new ? nil : "\(name): before \(old), after \(new)"
    }
  }

  /// The first line of the experiment's file that is another one, where both results keep it; comments and blank lines are
  /// no part of what was run.
  private var otherFiles: [String] {
    guard let old = before.experimentFile, let new = after.experimentFile, old != new else { return [] }
    let lines = [old, new].map(Self.effectiveLines)
    let same = zip(lines[0], lines[1]).prefix { $0.text == $1.text }.count
    guard lines.contains(where: { same < $0.count }) else { return [] }
    let differing = lines.map { same < $0.count ? "line \($0[same].number) '\($0[same].text)'" : "its end" }
    return ["experiment's file: before \(differing[0]), after \(differing[1])"]
  }

  private static func effectiveLines(_ file: String) -> [(number: Int, text: Substring)] {
    file.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
      // Quoted text, and a number sign that follows no blank, are no part of a comment.
      let text = line.prefixMatch(of: /(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s#]#+|[^#])*/)?.output ?? line
      let end = text.lastIndex { !$0.isWhitespace }
      return end.map { (index + 1, text[...$0]) }
    }
  }

  /// Entries that one of the two lacks.
  private var otherEntries: [String] {
    [("before", before, after), ("after", after, before)].flatMap { name, one, other in
      one.plan.entries.map(\.name).filter { entry in !other.plan.entries.contains { $0.name == entry } }
        .map { "\($0): only \(name)" }
    }
  }

  /// Entries of one name that are not read in one way.
  private var otherReadings: [String] {
    entries.compactMap { name -> String? in
      guard let old = before.plan.entry(name)?.reading, let new = after.plan.entry(name)?.reading, old != new
      else { return nil }
      return "\(name): read differently: before \(Self.words(old)), after \(Self.words(new))"
    }
  }

  private static func words(_ reading: [String: String]) -> String {
    guard !reading.isEmpty else { return "by the transport's defaults" }
    return reading.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
  }

  /// What is doubted of either run.
  private var doubts: [String] {
    paragraph(
      [("before", before), ("after", after)].flatMap { name, result in
        let report = Report(result)
        return report.notes.map { "\(name), \(report.words($0))" }
      })
  }

  /// What went wrong with either run.
  private var failures: [String] {
    let lines = [("before", before), ("after", after)].flatMap { name, result in
      Report(result).failures.map { "\(name), \($0)" }
    }
    return paragraph(lines)
  }

  private static func change(_ old: Estimate, _ new: Estimate) -> String {
    guard old.median != 0 else { return new.median == 0 ? "0 %" : "–" }
    let percent = (new.median - old.median) / abs(old.median) * 100
    guard percent.isFinite else { return "–" }
    return "\(percent > 0 ? "+" : "")\(percent.text(digits: 1)) %"
  }

  /// Intervals over several runs that do not touch are the sign of a change. What one run's trials repeat says nothing
  /// of how another run of the same would differ.
  private static func verdict(_ old: Estimate, _ new: Estimate) -> String {
    guard let before = old.interval, let after = new.interval else { return "too few trials to tell" }
    guard after.low > before.high || after.high < before.low else { return "no significant change" }
    return old.basis == .runs && new.basis == .runs ? "changed" : "apart, one run each"
  }

  /// Whether the two agree as closely as two careful runs should, said for each kind of cost.
  private var agreement: [String] {
    Self.tolerances.compactMap { metrics, share in
      let shown = metrics.filter { before.plan.metrics.contains($0) && after.plan.metrics.contains($0) }
      guard !shown.isEmpty else { return nil }
      let changes = entries.flatMap { entry in
        shown.compactMap { metric -> (Double, String)? in
          guard let old = before.estimate(metric, of: entry), let new = after.estimate(metric, of: entry)
          else { return nil }
          return (Self.share(old.median, new.median), "\(entry.onOneLine), \(metric.title)")
        }
      }
      let names = shown.map(\.title).joined(separator: ", ")
      guard let worst = changes.max(by: { $0.0 < $1.0 }) else { return "\(names): nothing to compare" }
      let within = worst.0 <= share ? "agree within" : "are further apart than"
      return "\(names): the medians \(within) \((share * 100).text(digits: 0)) % "
        + "(most: \(worst.0.isFinite ? "\((worst.0 * 100).text(digits: 2)) %" : "from none"), \(worst.1))"
    }
  }

  /// By what share it changed; of nothing it is no share.
  private static func share(_ old: Double, _ new: Double) -> Double {
    old == new ? 0 : old == 0 ? .infinity : abs(new / old - 1)
  }
}

extension RunResult {
  fileprivate var shownRevision: String {
    environment.revision.map { $0.commit.prefix(10) + ($0.hasChanges ? " with changes" : "") } ?? "unknown"
  }

  fileprivate var shownProcessors: String {
    let processors = environment.processors
    return "server \(processors.server), readers \(processors.readers), "
      + (environment.isKeptAwake ? "kept awake" : "may sleep")
  }

  /// How much was read: of one entry as of all, where a file was not changed.
  fileprivate var shownPlan: String {
    let entry = plan.entries.first
    return "\(plan.runs) × \(plan.trials) of \(plan.readers) readers, \(plan.tokensPerTrial) tokens each"
      + ", seed \(plan.seed)" + (entry.map { ", \($0.tokenRate)/s" } ?? "")
  }
}
