import Experiments
import Measurement
import PlainText

/// What many readers would cost, as rows that every format can show.
struct ScaleTable {
  private let estimates: [ScaleEstimate]
  private let assumptions: ScaleAssumptions

  /// - Returns: nil where the experiment asks for none, or too little was measured.
  init?(_ result: RunResult) {
    guard let assumptions = result.plan.scale, !result.scale.isEmpty else { return nil }
    self.assumptions = assumptions
    estimates = result.scale
  }

  var title: String { "On paper: \(assumptions.readers.grouped) readers" }

  var head: [String] {
    ["", "processors", "memory, GB", "network, Gbit/s", "requests a second", "first limit", "at readers"]
  }

  var rows: [[String]] {
    estimates.map { estimate in
      [
        estimate.variant, estimate.processors.words, estimate.memoryGigabytes?.text ?? "–",
        estimate.networkGigabits.text, estimate.requestsPerSecond.grouped,
        estimate.firstLimit.name, estimate.firstLimit.readers.grouped,
      ]
    }
  }

  var text: String {
    "Reckoned, not measured: processors by a straight line through the numbers of readers that were, the rest in "
      + "proportion. It assumes that all answers are being typed at once, that a server's processes share nothing, "
      + "and a machine of \(assumptions.processors) processors, \(assumptions.memoryGigabytes.text(digits: 0)) GB, "
      + "\(assumptions.networkGigabits.text(digits: 0)) Gbit/s and \(assumptions.descriptors.grouped) descriptors a "
      + "process; TLS, IP and TCP headers and the model that makes the tokens come on top."
  }
}
