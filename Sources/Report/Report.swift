import Experiments
import Measurement
import PlainText

/// A run's result as every format shows it: the same cells, doubts and verdicts, whatever they are written in.
public struct Report {
  public let result: RunResult
  let metrics: [Metric]
  let rows: [Row]
  /// What the cells' letters stand for, in the letters' order.
  let notes: [Note]

  struct Row {
    let entry: RunPlan.Entry
    let cells: [Cell]
    let ledger: Ledger
    let failures: [String]
  }

  struct Cell {
    let metric: Metric
    let estimate: Estimate?
    let difference: PairedDifference?
    /// Letters of the notes that touch this number.
    let letters: String
  }

  struct Note {
    let letter: Character
    var entries: [String]
    /// The worst of them.
    var doubt: Doubt
  }

  /// - Parameter metrics: the columns; the experiment's own if left out.
  public init(_ result: RunResult, metrics: [Metric]? = nil) {
    self.result = result
    let metrics = metrics ?? result.plan.metrics
    self.metrics = metrics
    let notes = Self.notes(result, metrics)
    self.notes = notes
    rows = result.plan.entries.map { entry in
      let cells = metrics.map { metric in
        let estimate = result.estimate(metric, of: entry.name)
        // Where there is no number, only what kept it from being there is of interest.
        let touching = notes.filter {
          $0.entries.contains(entry.name) && $0.doubt.metrics.contains(metric)
            && (estimate != nil || $0.doubt.metrics == [metric])
        }
        return Cell(
          metric: metric, estimate: estimate,
          difference: result.difference(metric, of: entry, comparisons: metrics.count),
          letters: String(touching.map(\.letter)))
      }
      return Row(
        entry: entry, cells: cells, ledger: result.ledger(of: entry.name),
        failures: result.failures(of: entry.name))
    }
  }

  /// Every metric that the result holds a number for.
  static func measured(_ result: RunResult) -> [Metric] {
    Metric.allCases.filter { metric in result.trials.contains { $0.values[metric] != nil } }
  }

  /// One note a kind of doubt: there are fewer kinds than letters.
  private static func notes(_ result: RunResult, _ metrics: [Metric]) -> [Note] {
    var notes: [Note] = []
    for entry in result.plan.entries {
      for doubt in result.doubts(of: entry.name) where !doubt.metrics.isDisjoint(with: metrics) {
        if let index = notes.firstIndex(where: { $0.doubt.kind == doubt.kind }) {
          notes[index].entries.append(entry.name)
          notes[index].doubt = notes[index].doubt.worse(doubt)
        } else {
          let letter = Character(UnicodeScalar(UInt8(ascii: "a") + UInt8(notes.count % 26)))
          notes.append(Note(letter: letter, entries: [entry.name], doubt: doubt))
        }
      }
    }
    return notes
  }

  /// How many trials were kept, of how many planned.
  var trialsText: String {
    let kept = Set(result.trials.map(\.trial)).count
    let all = kept == result.plan.trials ? "" : " of \(result.plan.trials) planned"
    let stopped = result.isInterrupted ? ", because the run was interrupted" : ""
    return "\(kept) \(kept == 1 && all.isEmpty ? "trial" : "trials")\(all)\(stopped)"
  }

  /// What went wrong with the run, and with its entries' trials, a line each.
  var failures: [String] {
    (result.failure.map { ["the run: \($0)"] } ?? [])
      + rows.flatMap { row in row.failures.map { "\(row.entry.name): \($0)" } }
  }

  /// A note in words: whom it touches, and what it is.
  func words(_ note: Note) -> String {
    let names = note.entries.count > 3 ? ["\(note.entries.count) of the lines"] : note.entries
    let isAll = note.entries.count == rows.count
    return (isAll ? "" : names.joined(separator: "; ") + ": ") + note.doubt.text
  }

  var hasDifferences: Bool {
    rows.contains { $0.cells.contains { $0.difference != nil } }
  }

  /// The noise floor in words.
  var noiseText: String? {
    guard let floor = result.noiseFloor else { return nil }
    return
      "The lab itself: readers \(floor.readersProcessorMicrosecondsPerToken.text(digits: 1)) µs of processor a token, "
      + "at most \(floor.readersProcessorShare.text(digits: 2)) of a processor; "
      + "event-loop lag \(floor.eventLoopLagMilliseconds.text(digits: 2)) ms; "
      + "tokens appended \(floor.scheduleLatenessMilliseconds.text(digits: 3)) ms after their instants."
  }

  var environmentText: String {
    let environment = result.environment
    let processors = environment.processors
    let split =
      processors.server.isEmpty
      ? "server and readers share a processor"
      : "server on processor \(list(processors.server)), readers on \(list(processors.readers))"
    return "\(environment.date) · \(environment.kernel) · \(environment.processor) · \(split) · "
      + "\(environment.isKeptAwake ? "processors kept awake" : "processors may sleep") · "
      + "\(environment.engine) · \(environment.build) build"
  }

  private func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ",") }
}

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

extension PairedDifference {
  /// The verdict: a signed number with its interval, or that none was shown.
  var words: String {
    guard isShown else { return "none shown" }
    return (mean > 0 ? "+" : "−") + abs(mean).text + ((high - low) / 2).uncertainty
  }
}

extension Estimate {
  /// The median with half the interval's width.
  public var words: String {
    median.text + (trials > 1 ? halfWidth.uncertainty : "")
  }
}

extension Double {
  /// With its sign, or nothing where it is too small to be written.
  fileprivate var uncertainty: String {
    text == "0.00" ? "" : " ±\(text)"
  }
}
