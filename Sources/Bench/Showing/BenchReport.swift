import Experiments
import Measurement
import PlainText
import Report
import Wire

/// What a bench has seen as tables: a row an entry, a column a number of readers, so that how a figure grows is
/// read along the row.
public struct BenchReport {
  let result: BenchResult

  public init(_ result: BenchResult) {
    self.result = result
  }

  /// A table with what it is about.
  struct Section {
    var title: String
    var rows: [[String]]
    /// What stands below it.
    var notes: [String] = []
  }

  var sections: [Section] {
    result.options.shapes.flatMap { shape in
      Figure.ofLoads.map { figures($0, shape) } + [ledgers(shape)]
        + ratios(shape, to: "the floor", Self.floor) + ratios(shape, to: "Nchan", Self.nchan)
    }.filter { $0.rows.count > 1 } + requests
  }

  private var header: [String] { result.options.readers.map { "\($0)" } }

  private func figures(_ figure: Figure, _ shape: Load.Shape) -> Section {
    table("\(shape.rawValue): \(figure.title)", figure, result.subjects(shape))
  }

  private func table(_ title: String, _ figure: Figure, _ subjects: [BenchResult.Subject]) -> Section {
    var section = Section(title: title, rows: [["readers"] + header + ["growth"]])
    for subject in subjects {
      let estimates = result.options.readers.map { readers in
        Estimate(result.values(figure, subject, readers: readers).compactMap(\.self))
      }
      section.rows.append([subject.name] + estimates.map { $0?.words ?? "–" } + [growth(estimates)])
    }
    section.notes = notes(figure, subjects)
    return section
  }

  /// How many times the first figure the last one is.
  private func growth(_ estimates: [Estimate?]) -> String {
    let there = estimates.compactMap(\.self)
    guard there.count > 1, let first = there.first, let last = there.last, first.median > 0 else {
      return "–"
    }
    return "× \((last.median / first.median).text)"
  }

  private func ledgers(_ shape: Load.Shape) -> Section {
    var section = Section(title: "\(shape.rawValue): tokens delivered", rows: [["readers"] + header])
    for subject in result.subjects(shape) {
      let cells = result.options.readers.map { readers in
        let results = result.turns(subject, readers: readers).compactMap(\.result)
        return results.isEmpty ? "–" : results.map(\.ledger).reduce(Ledger(), +).words
      }
      section.rows.append([subject.name] + cells)
    }
    return section
  }

  private var requests: [Section] {
    let subjects = Answerer.allCases.map { BenchResult.Subject.requests(of: $0) }.filter { subject in
      result.turns.contains { $0.subject == subject }
    }
    guard !subjects.isEmpty else { return [] }
    let figures = [Figure.requests, .requestProcessor].map { table($0.title, $0, subjects) }
    return figures
      + ratios(subjects, "polls answered a second, against nginx with a file", .requests) { _ in
        .requests(of: .file)
      }
  }
}

extension BenchReport {
  /// The bare loop with the same framing; there is none for polls.
  private static func floor(_ shape: Load.Shape, _ entry: Entry) -> Entry? {
    let floor = Entry(server: .floor, transport: entry.transport)
    return entry.server != .floor && Server.floor.transports.contains(entry.transport) ? floor : nil
  }

  /// Nchan on the same transport.
  private static func nchan(_ shape: Load.Shape, _ entry: Entry) -> Entry? {
    guard entry.server != .nchan, Server.nchan.shapes.contains(shape) else { return nil }
    return Entry(server: .nchan, transport: entry.transport)
  }

  private func ratios(
    _ shape: Load.Shape, to name: String, _ other: (Load.Shape, Entry) -> Entry?
  ) -> [Section] {
    Figure.compared.flatMap { figure in
      ratios(result.subjects(shape), "\(shape.rawValue): \(figure.title), against \(name)", figure) {
        subject in
        guard case .load(_, let entry) = subject else { return nil }
        return other(shape, entry).map { .load(shape: shape, entry: $0) }
      }
    }
  }

  private func ratios(
    _ subjects: [BenchResult.Subject], _ title: String, _ figure: Figure,
    _ other: (BenchResult.Subject) -> BenchResult.Subject?
  ) -> [Section] {
    var section = Section(title: title, rows: [["readers"] + header])
    for subject in subjects {
      guard let other = other(subject), other != subject else { continue }
      let ratios = result.options.readers.map { readers in
        Ratio(
          result.values(figure, subject, readers: readers), to: result.values(figure, other, readers: readers)
        )
      }
      if ratios.contains(where: { $0 != nil }) {
        section.rows.append([subject.name] + ratios.map { $0?.words ?? "–" })
      }
    }
    return section.rows.count > 1 ? [section] : []
  }
}

extension Ratio {
  /// `1.12 [1.05, 1.20]`, or that the trials differ too much for an interval to say anything.
  var words: String {
    guard let interval else { return ratio.text }
    guard ratio < 1e6, interval.high < 100 * interval.low else {
      return "\(min(ratio, 1e6).text) (too uneven)"
    }
    return "\(ratio.text) [\(interval.low.text), \(interval.high.text)]"
  }
}
