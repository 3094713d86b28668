import Experiments
import Measurement
import PlainText

/// A run's result as every format shows it: the same cells, doubts and verdicts, whatever they are written in.
public struct Report {
  public let result: RunResult
  let metrics: [Metric]
  let rows: [Row]
  /// The rows of each condition, in the table's order.
  var groups: [(condition: String, rows: [Row])] {
    var groups: [(condition: String, rows: [Row])] = []
    for row in rows {
      if groups.last?.condition != row.entry.condition { groups.append((row.entry.condition, [])) }
      groups[groups.count - 1].rows.append(row)
    }
    return groups
  }
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

    /// The number as text: with its interval, the worst trial and its doubts.
    var words: String {
      guard let estimate else { return "–" }
      let worst = estimate.worst(metric).map { " \($0)" } ?? ""
      return estimate.words + worst + (letters.isEmpty ? "" : " \(letters)")
    }
  }

  struct Note {
    let letter: Character
    var entries: [String]
    /// The worst of them.
    var doubt: Doubt
  }

  /// Which metrics are columns: what the experiment asks for, or behind it everything else that was measured.
  public enum Columns {
    case asked, measured
  }

  public init(_ result: RunResult, _ columns: Columns = .asked) {
    self.result = result
    var metrics = result.plan.metrics
    if columns == .measured {
      metrics += Metric.allCases.filter { metric in
        !metrics.contains(metric) && result.trials.contains { $0.values[metric] != nil }
      }
    }
    self.metrics = metrics
    let notes = Self.notes(result, metrics)
    self.notes = notes
    // What is not asked for is looked at by itself.
    let comparisons = result.plan.metrics.count
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
          difference: result.difference(metric, of: entry, comparisons: comparisons),
          letters: String(touching.map(\.letter)))
      }
      return Row(
        entry: entry, cells: cells, ledger: result.ledger(of: entry.name),
        failures: result.failures(of: entry.name))
    }
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
      "The lab itself: readers at most \(floor.readersProcessorShare.text(digits: 2)) of a processor; "
      + "event-loop lag at most \(floor.worstEventLoopLagMilliseconds.text(digits: 2)) ms, in the median trial "
      + "\(floor.eventLoopLagMilliseconds.text(digits: 2)); "
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
