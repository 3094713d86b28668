import Measurement
import PlainText
import Results

extension Ledger {
  /// How many tokens came of how many, such as `15,230 of 15,232`, and what was wrong with them behind a colon, if
  /// anything was; `nothing` where nothing was to come, because no trial was whole.
  public var words: String {
    guard self != Ledger() else { return "nothing" }
    let kinds = [
      (lost, "lost"), (duplicated, "duplicated"), (reordered, "reordered"), (corrupted, "corrupted"),
    ]
    let faults = kinds.filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }.joined(separator: ", ")
    return "\(delivered.grouped) of \((delivered + lost).grouped)" + (faults.isEmpty ? "" : ": \(faults)")
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
    let (low, high) = (text(range.lowerBound), text(range.upperBound))
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
  var words: String { parts.filter { !$0.isEmpty }.joined(separator: " ") }

  /// A signed number, that it is not significant, or that the trials are too few to tell; and the interval, which says of none
  /// how large a difference may be all the same.
  var parts: [String] {
    let spread = estimate.spread(\.fineText) ?? ""
    return switch verdict {
    case .shown: [signed, spread]
    case .notShown: ["not significant", spread]
    case .tooFew: ["too few"]
    }
  }

  var signed: String { (estimate.median > 0 ? "+" : "") + estimate.median.fineText }

  /// Why the trials are too few to tell; nil where they are not.
  var shortage: String? {
    guard case .tooFew(let needed) = verdict else { return nil }
    return
      "too few \(estimate.basis.rawValue): \(comparisons == 1 ? "it takes" : "\(comparisons) differences take") \(needed)"
  }
}

extension Double {
  /// A coverage in per cent, rounded down: no more is claimed than holds.
  package var shareText: String { "\(((self * 1_000).rounded(.down) / 10).text(digits: 1)) %" }
}

extension Report {
  var hasTrials: Bool { !result.trials.isEmpty }

  /// Said where there are no trials.
  static let nothing = "No trial was completed: there is nothing to show."

  /// The ledger's words where they are the same in every row, which then need no column.
  var commonLedger: String? {
    guard let first = rows.first?.ledger, first.isClean, first != Ledger(),
      rows.allSatisfy({ $0.ledger == first })
    else { return nil }
    return "Every line: \(first.words) tokens arrived, each once, in order and unaltered."
  }

  /// How the numbers are to be read, a paragraph each.
  var howToRead: [String] {
    guard hasTrials else { return [] }
    return [intervalText, differenceText, noiseText].compactMap(\.self)
  }

  /// What a number is, and what its interval says and does not say.
  var intervalText: String {
    let coverages = estimates.compactMap { $0.interval?.coverage }
    let isBare = estimates.contains { $0.interval == nil && $0.spread != nil }
    let worst =
      " ≤ marks the worst trial where it lies outside."
      + (isBare
        ? " Parentheses hold the least and the greatest trial where too few have a number for an interval."
        : "")
    switch (coverages.min(), estimates.contains { $0.basis == .runs }) {
    case (let coverage?, false):
      return
        "Medians of \(trialsText), in brackets their 95 % confidence interval (exact, at least \(coverage.shareText)). It "
        + "covers repeatability within one run: another run may differ by more.\(worst)"
    case (let coverage?, true):
      return
        "Medians of \(runsText), each run's the median of its trials; in brackets their 95 % confidence interval (exact, "
        + "at least \(coverage.shareText)). It covers repeatability over the time in which they were made: runs at another "
        + "hour may differ by more, and --every spreads them.\(worst)"
    case (nil, let isOverRuns):
      let needed = Interval.fewestValues
      return
        "Medians of \(isOverRuns ? runsText : trialsText), in parentheses the least and the greatest trial: too few for a "
        + "confidence interval, which takes \(needed) \(isOverRuns ? "runs" : "trials")."
    }
  }

  /// How differences were found.
  var differenceText: String? {
    let differences = rows.flatMap { $0.cells[asked].compactMap(\.difference) }
    guard let first = differences.first else { return nil }
    let unit = first.estimate.basis == .runs ? "run" : "trial"
    let start = "Differences are medians of the \(unit)s' paired differences"
    let shortages = differences.compactMap(\.shortage)
    guard let coverage = differences.compactMap({ $0.estimate.interval?.coverage }).min() else {
      return "Differences from the baseline: \(shortages.first ?? "none") to be shown."
    }
    let joint = 1 - Double(first.comparisons) * (1 - coverage)
    let untold = shortages.first.map { " Where it says 'too few': \($0) to be shown." } ?? ""
    return
      "\(start); the intervals of one line hold jointly with at least \(joint.shareText) confidence. 'Not significant' "
      + "means that the interval includes zero; it says how large a difference may be.\(untold)"
  }

  private var estimates: [Estimate] { rows.flatMap { $0.cells.compactMap(\.estimate) } }

  /// How many trials the numbers rest on, of how many planned.
  var trialsText: String {
    let all = trialCount == result.plan.trials ? "" : " of \(result.plan.trials) planned"
    return "\(trialCount) \(trialCount == 1 ? "trial" : "trials")\(all)"
  }

  /// Those in which some entry read something. Which entry's number rests on fewer, a letter says.
  var trialCount: Int { Set(result.countedTrials.filter { $0.ledger.delivered > 0 }.map(\.trial)).count }

  private var runsText: String {
    let all = runCount == result.plan.runs ? "" : " of \(result.plan.runs) planned"
    return "\(runCount) runs\(all) of \(result.plan.trials) trials"
  }

  var runCount: Int { result.countedRuns.count }

  /// What somebody's wish left out; nil where the run went to its end.
  var interruptionText: String? {
    guard result.isInterrupted, result.failure != RunResult.unfinished else { return nil }
    let whole = result.wholeTrials
    let planned = result.plan.runs * result.plan.trials
    guard whole < planned else { return "it was interrupted while memory was measured" }
    let left = result.countedTrials.count < result.trials.count
    return "it was interrupted when \(whole) of \(planned) trials were complete"
      + (left ? "; those of the unfinished run are not in the tables" : "")
  }
}
