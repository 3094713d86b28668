import Experiments
import Measurement
import PlainText

extension Ledger {
  /// `all N`, the faults, or `nothing` where nothing was to come: no trial was whole.
  public var words: String {
    guard self != Ledger() else { return "nothing" }
    guard !isClean else { return "all \(delivered)" }
    let faults = [
      (lost, "lost"), (duplicated, "doubled"), (reordered, "reordered"), (corrupted, "corrupted"),
    ]
    return faults.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }
}

extension Estimate {
  /// The median with its interval in brackets; in parentheses what was seen, where that is too little for an interval.
  public var words: String {
    guard let spread else { return median.text }
    return "\(median.text) \(spread)"
  }

  /// What stands behind the median; nil where it would say the same again.
  var spread: String? { spread(\.text) }

  fileprivate func spread(_ text: (Double) -> String) -> String? {
    let (low, high) = interval.map { (text($0.low), text($0.high)) } ?? (text(least), text(greatest))
    guard low != text(median) || high != text(median) else { return nil }
    return interval == nil ? "(\(low) to \(high))" : "[\(low), \(high)]"
  }

  /// The worst trial's value after `≤`, or `≥` where more is better, where the interval leaves it out.
  func worst(_ metric: Metric) -> String? {
    guard let interval else { return nil }
    let worst = metric.isMoreBetter ? least : greatest
    let isOutside = metric.isMoreBetter ? worst < interval.low : worst > interval.high
    let near = metric.isMoreBetter ? interval.low : interval.high
    return isOutside && worst.text != near.text ? (metric.isMoreBetter ? "≥" : "≤") + worst.text : nil
  }
}

extension PairedDifference {
  /// The verdict: a signed number with its interval, that none was shown, or that the trials are too few to tell.
  var words: String {
    switch verdict {
    case .shown: parts.filter { !$0.isEmpty }.joined(separator: " ")
    case .notShown: "none shown"
    case .tooFew: "too few"
    }
  }

  /// The signed number and its interval, or the verdict.
  var parts: [String] {
    verdict == .shown ? [signed, estimate.spread(\.fineText) ?? ""] : [words]
  }

  var signed: String { (estimate.median > 0 ? "+" : "") + estimate.median.fineText }

  /// Why the trials are too few to tell; nil where they are not.
  var shortage: String? {
    guard case .tooFew(let needed) = verdict else { return nil }
    return
      "too few \(estimate.basis.rawValue): \(comparisons == 1 ? "it takes" : "\(comparisons) differences take") \(needed)"
  }
}

extension Report {
  var hasTrials: Bool { !result.trials.isEmpty }

  /// Said where there are no trials.
  static let nothing = "No trial was whole: there is nothing to show."

  /// The ledger's words where they are the same in every row, which then need no column.
  var commonLedger: String? {
    guard let first = rows.first?.ledger, first.isClean, first != Ledger(),
      rows.allSatisfy({ $0.ledger == first })
    else { return nil }
    return "Ledger of every line: \(first.words) tokens, each once, in order and unaltered."
  }

  /// How the numbers are to be read, a paragraph each.
  var howToRead: [String] {
    guard hasTrials else { return [] }
    return [intervalText, differenceText, noiseText].compactMap(\.self)
  }

  /// What a number is, and what its interval says and does not say.
  var intervalText: String {
    let coverages = estimates.compactMap { $0.interval?.coverage }
    let worst = "; behind it ≤ and the worst trial, where that is worse"
    switch (coverages.min(), estimates.contains { $0.basis == .runs }) {
    case (let coverage?, false):
      return
        "Medians over \(trialsText); in brackets where the median lies in \(percent(coverage)) of such runs "
        + "(repeatability within one run: another run may differ by more)\(worst)."
    case (let coverage?, true):
      return
        "Medians over \(runsText), each run's the median of its trials; in brackets where the median over such "
        + "runs lies, \(percent(coverage)) of the time\(worst)."
    case (nil, let isOverRuns):
      let needed = Interval.fewestValues
      return
        "Medians over \(isOverRuns ? runsText : trialsText); in parentheses the least and the greatest trial: too few "
        + "for an interval, which takes \(needed) \(isOverRuns ? "runs" : "trials")."
    }
  }

  /// How differences were found.
  var differenceText: String? {
    let differences = rows.flatMap { $0.cells[asked].compactMap(\.difference) }
    guard let first = differences.first else { return nil }
    let unit = first.estimate.basis == .runs ? "run" : "trial"
    let start = "Differences are paired by trial, and the median over the \(unit)s"
    if let shortage = differences.compactMap(\.shortage).first {
      return "Differences from the baseline: \(shortage) to be told."
    }
    let coverages = differences.compactMap { $0.estimate.interval?.coverage }
    let joint = 1 - Double(first.comparisons) * (1 - (coverages.min() ?? 0))
    return "\(start); the intervals of a line hold all at once in at least \(percent(joint)) of such runs."
  }

  private var estimates: [Estimate] { rows.flatMap { $0.cells.compactMap(\.estimate) } }

  /// Rounded down: no more is claimed than holds.
  private func percent(_ share: Double) -> String {
    "\(((share * 1_000).rounded(.down) / 10).text(digits: 1)) %"
  }

  /// How many trials were kept, of how many planned.
  var trialsText: String {
    let kept = Set(result.trials.map(\.trial)).count
    let all = kept == result.plan.trials ? "" : " of \(result.plan.trials) planned"
    let stopped = result.isInterrupted ? ", because the run was interrupted" : ""
    return "\(kept) \(kept == 1 && all.isEmpty ? "trial" : "trials")\(all)\(stopped)"
  }

  private var runsText: String {
    let kept = Set(result.trials.map(\.run)).count
    let all = kept == result.plan.runs ? "" : " of \(result.plan.runs) planned"
    return
      "\(kept) runs\(all) of \(result.plan.trials) trials\(result.isInterrupted ? ", because it was interrupted" : "")"
  }
}
