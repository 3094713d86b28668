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
    /// What the letters of its cells stand for.
    var legend: [(letter: String, text: String)] = []
    /// What else stands below it.
    var notes: [String] = []
  }

  /// A cell before it is written.
  struct Cell {
    var estimate: Estimate?
    var remarks: [Remark]
  }

  var sections: [Section] {
    let loads = result.options.shapes.flatMap { shape in
      Figure.ofLoads.map { figures($0, shape) } + [ledgers(shape)]
        + ratios(shape, Figure.comparedWithFloor, to: "the floor", Self.floor)
        + ratios(shape, Figure.comparedWithNchan, to: "Nchan", Self.nchan)
    }
    return loads.filter { $0.rows.count > 1 } + requests
  }

  var readers: [String] { result.options.readers.map { "\($0)" } }

  /// - Returns: a section without rows where nobody has the figure.
  func figures(_ figure: Figure, _ shape: Load.Shape) -> Section {
    var section = table(
      "\(shape.rawValue): \(figure.title)", result.subjects(shape), hasLosses: true, grows: true
    ) { self.cell(figure, $0, $1) }
    section.notes += noise(figure, shape) + publishing(figure, shape)
    return section
  }

  func cell(_ figure: Figure, _ subject: BenchResult.Subject, _ readers: Int) -> Cell {
    Cell(
      estimate: Estimate(result.values(figure, subject, readers: readers).compactMap(\.self)),
      remarks: remarks(figure, subject, readers))
  }

  /// - Parameters:
  ///   - hasLosses: whether its entries were to get tokens.
  ///   - grows: whether how a figure grows says something.
  func table(
    _ title: String, _ subjects: [BenchResult.Subject], hasLosses: Bool, grows: Bool,
    _ cell: (BenchResult.Subject, Int) -> Cell
  ) -> Section {
    var marks = Marks()
    var estimates: [Estimate] = []
    let endings = (hasLosses ? ["lost"] : []) + (grows ? ["growth"] : [])
    var section = Section(title: title, rows: [["readers"] + readers + endings])
    for subject in subjects {
      let cells = result.options.readers.map { cell(subject, $0) }
      let texts = cells.map { cell in
        [cell.estimate?.words ?? "–", marks.letters(cell.remarks)].filter { !$0.isEmpty }.joined(
          separator: " ")
      }
      let ending = (hasLosses ? [losses(subject)] : []) + (grows ? [growth(cells.map(\.estimate))] : [])
      section.rows.append([subject.name] + texts + ending)
      estimates += cells.compactMap(\.estimate)
    }
    guard !estimates.isEmpty else { return Section(title: title, rows: []) }
    section.legend = marks.legend
    section.notes = [Self.caption(estimates)]
    return section
  }

  /// Tokens that did not come, at any number of readers.
  private func losses(_ subject: BenchResult.Subject) -> String {
    result.turns.filter { $0.subject == subject }.compactMap { $0.result?.ledger.lost }.reduce(0, +).grouped
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
    var section = Section(title: "\(shape.rawValue): tokens delivered", rows: [["readers"] + readers])
    for subject in result.subjects(shape) {
      let cells = result.options.readers.map { readers in
        let results = result.turns(subject, readers: readers).compactMap(\.result)
        return results.isEmpty ? "–" : results.map(\.ledger).reduce(Ledger(), +).words
      }
      section.rows.append([subject.name] + cells)
    }
    return section
  }

  var requests: [Section] {
    let subjects = Answerer.allCases.map { BenchResult.Subject.requests(of: $0) }.filter { subject in
      result.turns.contains { $0.subject == subject }
    }
    guard !subjects.isEmpty else { return [] }
    let figures = [Figure.requests, .requestProcessor].map { figure in
      table(figure.title, subjects, hasLosses: false, grows: true) { cell(figure, $0, $1) }
    }
    let title = "polls answered per second, as a multiple of nginx with a file"
    let ratios = ratios(subjects, title, .requests, hasLosses: false) { _ in .requests(of: .file) }
    return figures + (ratios.map { [$0] } ?? [])
  }
}
