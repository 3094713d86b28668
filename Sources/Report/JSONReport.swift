import Foundation
import Machine
import Measurement
import PlainText
import Results

/// The numbers, estimates and verdicts for other programs. All else that was noted of a trial is in `result.json`.
public struct JSONReport {
  private let report: Report

  public init(_ result: RunResult) {
    report = Report(result, .measured)
  }

  private struct Shape: Encodable {
    var experiment: String
    var question: String
    var command: String
    var environment: RunEnvironment
    var runs: Int
    var trials: Int
    /// Too little to decide by; then there are no differences.
    var isQuick: Bool
    var isInterrupted: Bool
    var failure: String?
    var entries: [Entry]
    /// What all this does not show.
    var threats: [String]

    struct Entry: Encodable {
      var name: String
      var baseline: String
      var ledger: Ledger
      var failures: [String]
      var doubts: [String]
      var metrics: [Metric: Number]
    }

    struct Number: Encodable {
      var unit: String
      /// By run, one number a trial in the order of the trials; a trial without the number is left out.
      var values: [[Double]]
      var estimate: Estimate?
      var difference: PairedDifference?
      /// Nil without a difference; false also where the trials are too few to tell.
      var isDifferenceShown: Bool?
      /// Why they are, or why there is no difference; nil for a baseline, which has none.
      var shortage: String?
    }
  }

  public var text: String {
    get throws {
      let result = report.result
      let shape = Shape(
        experiment: result.experiment, question: result.question, command: result.command,
        environment: result.environment, runs: report.runCount, trials: report.trialCount,
        isQuick: result.plan.isQuick, isInterrupted: result.isInterrupted, failure: result.failure,
        entries: report.rows.map(entry), threats: report.threats)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(shape), as: UTF8.self).asHarmlessJSON + "\n"
    }
  }

  private func entry(_ row: Report.Row) -> Shape.Entry {
    var metrics: [Metric: Shape.Number] = [:]
    for cell in row.cells {
      metrics[cell.metric] = Shape.Number(
        unit: cell.metric.unit, values: report.result.values(cell.metric, of: row.entry.name),
        estimate: cell.estimate, difference: cell.difference,
        isDifferenceShown: cell.difference.map { $0.verdict == .shown },
        shortage: cell.missing ?? cell.difference?.shortage)
    }
    return Shape.Entry(
      name: row.entry.name, baseline: row.entry.baseline, ledger: row.ledger, failures: row.failures,
      doubts: report.result.doubts(of: row.entry.name).map(\.text), metrics: metrics)
  }
}
