import Foundation
import Measurement
import PlainText
import Results

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

  var title: String { "Extrapolated to \(assumptions.readers.grouped) readers" }

  var head: [String] {
    ["", "processors", "memory, GB", "network, Gbit/s", "requests per second", "first limit", "at readers"]
  }

  var rows: [[String]] {
    estimates.map { estimate in
      [
        estimate.variant, estimate.processors.firstDigits, estimate.memoryGigabytes?.firstDigits ?? "–",
        estimate.networkGigabits.firstDigit, estimate.requestsPerSecond.firstDigit,
        estimate.firstLimit.name, estimate.firstLimit.readers.firstDigit,
      ]
    }
  }

  var text: String {
    let shares = estimates.map { ($0.busiestShare * 100).text(digits: 0) }
    return
      "Extrapolated, not measured: trust the first digit at most. Processors follow from the CPU per token where the "
      + "server was busiest, at \(Set(shares).count == 1 ? shares[0] : "\(shares.joined(separator: ", "))") % of one; the rest is "
      + "in proportion. It assumes that all answers are being typed at once, that a server's processes share nothing, "
      + "and a machine of \(assumptions.processors) processors, \(assumptions.memoryGigabytes.text(digits: 0)) GB, "
      + "\(assumptions.networkGigabits.text(digits: 0)) Gbit/s and \(assumptions.descriptors.grouped) descriptors per "
      + "process; TLS, IP and TCP headers and the model that generates the tokens are not included."
  }
}

extension Double {
  /// No more than its first digit.
  fileprivate var firstDigit: String {
    guard isFinite, self != 0 else { return text }
    let unit = Foundation.pow(10, Foundation.log10(abs(self)).rounded(.down))
    let rounded = (self / unit).rounded() * unit
    let digits = min(4, max(0, -Int(Foundation.log10(unit).rounded())))
    return digits > 0 ? rounded.text(digits: digits) : rounded.grouped
  }
}

extension ClosedRange<Double> {
  fileprivate var firstDigits: String {
    let (low, high) = (lowerBound.firstDigit, upperBound.firstDigit)
    return low == high ? low : "\(low) to \(high)"
  }
}
