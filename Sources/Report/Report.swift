import Measurement
import PlainText
import Results

/// A run's result as every format shows it: the same cells, doubts and verdicts, whatever they are written in.
public struct Report {
  public let result: RunResult
  let metrics: [Metric]
  /// Those of the metrics that the experiment asks for: they come first.
  let asked: Range<Int>
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
    /// Why there is no number to compare, where an entry that has a baseline lacks one or the baseline does; nil where there
    /// is a difference.
    let missing: String?
    /// Letters of the notes that touch this number.
    let letters: String

    /// The number, its interval, the worst trial and the letters of its doubts, as far as there are any.
    /// - Parameter shared: letters that stand elsewhere.
    func parts(without shared: String = "") -> [String] {
      [
        estimate?.median.text ?? "–", estimate?.spread ?? "", estimate?.worst(metric) ?? "",
        letters.filter { !shared.contains($0) },
      ]
    }

    /// All of it in one text.
    var words: String { parts().filter { !$0.isEmpty }.joined(separator: " ") }
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
        !metrics.contains(metric)
          && result.plan.entries.contains { result.estimate(metric, of: $0.name) != nil }
      }
    }
    self.metrics = metrics
    asked = result.plan.metrics.indices
    let notes = Self.notes(result, metrics)
    self.notes = notes
    // What is not asked for is looked at by itself.
    let comparisons = result.plan.metrics.count
    rows = result.plan.entries.map { entry in
      let doubts = result.doubts(of: entry.name)
      let cells = metrics.map { metric in
        let estimate = result.estimate(metric, of: entry.name)
        // Where there is no number, only what kept it from being there is of interest.
        let kinds = doubts.filter {
          $0.metrics.contains(metric) && (estimate != nil || $0.metrics == [metric])
        }.map(\.kind)
        let touching = notes.filter { kinds.contains($0.doubt.kind) }
        // A look is too little for a verdict.
        let isCompared = !result.plan.isQuick && entry.name != entry.baseline
        let difference = isCompared ? result.difference(metric, of: entry, comparisons: comparisons) : nil
        return Cell(
          metric: metric, estimate: estimate, difference: difference,
          missing: isCompared && difference == nil
            ? "\(estimate == nil ? "it" : "the baseline") has no such number to compare" : nil,
          letters: String(touching.map(\.letter)))
      }
      return Row(
        entry: entry, cells: cells, ledger: result.ledger(of: entry.name),
        failures: result.failures(of: entry.name))
    }
  }

  /// The rows of each condition, in the table's order.
  static func groups(_ rows: [Row]) -> [(condition: String, rows: [Row])] {
    var groups: [(condition: String, rows: [Row])] = []
    for row in rows {
      if groups.last?.condition != row.entry.condition { groups.append((row.entry.condition, [])) }
      groups[groups.count - 1].rows.append(row)
    }
    return groups
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
    [interruptionText, result.failure].compactMap(\.self).map { "the run: \($0)" }
      + rows.flatMap { row in row.failures.map { "\(row.entry.name): \($0)" } }
  }

  /// The doubts of one number, as strong as they are of its own entry.
  func doubts(_ cell: Cell, of entry: String) -> [Doubt] {
    let kinds = Set(notes.filter { cell.letters.contains($0.letter) }.map(\.doubt.kind))
    return result.doubts(of: entry).filter { kinds.contains($0.kind) }
  }

  /// A note in words: whom it touches, and what it is.
  func words(_ note: Note) -> String {
    let names = note.entries.count > 3 ? ["\(note.entries.count) of the lines"] : note.entries
    let isAll = note.entries.count == rows.count
    return (isAll ? "" : names.joined(separator: "; ") + ": ") + note.doubt.text
  }

  /// What the experiment asks for less the baseline's: the rows that have any, none where no trial tells one.
  var differences: [Row] {
    let compared = rows.filter { $0.entry.name != $0.entry.baseline }
    let isTold = compared.contains { row in
      row.cells[asked].contains { $0.difference.map { $0.shortage == nil } ?? false }
    }
    return isTold ? compared : []
  }

  /// What the experiment does not ask for and some trial has all the same.
  var alsoMeasured: Range<Int> { hasTrials ? asked.upperBound..<metrics.count : 0..<0 }

  /// So few columns at a time that a page shows them beside one another.
  func blocks(_ columns: Range<Int>) -> [Range<Int>] {
    let most = 6
    let blocks = (columns.count + most - 1) / most
    return (0..<blocks).map { block in
      (columns.lowerBound + columns.count * block / blocks)..<(columns.lowerBound
        + columns.count * (block + 1) / blocks)
    }
  }

  /// What was measured, as its first line says it.
  var title: String {
    result.plan.isQuick ? "\(result.title): a quick look, too small to decide by" : result.title
  }
}
