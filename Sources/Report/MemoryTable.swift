import Measurement
import PlainText
import Results

/// What waiting readers cost in memory, as rows that every format can show.
struct MemoryTable {
  private let memory: [(variant: String, measurement: MemoryMeasurement)]

  /// - Returns: nil where it was not measured.
  init?(_ result: RunResult) {
    var seen = Set<String>()
    memory = result.plan.entries.map(\.variant).filter { seen.insert($0).inserted }.compactMap { variant in
      result.memory[variant].map { (variant, $0) }
    }
    guard !memory.isEmpty else { return nil }
  }

  var title: String { "Memory per idle reader" }

  var head: [String] { ["", "resident, kB", "kernel, kB"] }

  var rows: [[String]] {
    memory.map { variant, measurement in
      [variant]
        + [measurement.residentBytes, measurement.kernelBytes].map { bytes in
          Estimate(bytes.map { $0 / 1_000 })?.words ?? "–"
        }
    }
  }

  var text: String {
    let counts = Set(memory.map(\.measurement.connections)).sorted().map(\.grouped).joined(separator: ", ")
    let repetitions = memory.map(\.measurement.residentBytes.count).min() ?? 0
    let coverage = memory.compactMap { $0.measurement.resident?.interval?.coverage }.min()
    let interval = coverage.map {
      ", in brackets their 95 % confidence interval (exact, \($0.shareText))"
    }
    return
      "Medians of \(repetitions) \(repetitions == 1 ? "server" : "servers") that each held \(counts) idle readers\(interval ?? ""); both ends are on this "
      + "machine, so the kernel's memory is halved."
  }
}
