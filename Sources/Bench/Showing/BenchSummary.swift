import Measurement
import PlainText
import Report

extension BenchReport {
  /// The tables of the README: what decides, for whoever took part, with where and how it was measured.
  public var summary: String {
    let tables = result.options.shapes.map(table) + [answers]
    return (tables.filter { $0.count > 1 }.map { Self.markdown($0).joined(separator: "\n") } + [made])
      .joined(separator: "\n\n") + "\n"
  }

  /// A figure at a number of readers.
  private typealias Column = (figure: Figure, name: String, readers: Int)

  private var columns: [Column] {
    let readers = result.options.readers
    let many = readers.filter((1_000...4_000).contains)
    return readers.filter((100...4_000).contains).map { (.serverProcessor, "CPU, µs a delivery", $0) }
      + many.map { (.delay99, "delay p99, ms", $0) }
      + readers.suffix(1).map { (.residentMemory, "resident, kB a connection", $0) }
  }

  private func table(_ shape: Load.Shape) -> [[String]] {
    let head = ["**\(shape.rawValue)**"] + columns.map { "\($0.name), \($0.readers)" }
    return [head]
      + result.subjects(shape).map { subject in
        [subject.name] + columns.map { words($0.figure, subject, $0.readers) }
      }
  }

  private var answers: [[String]] {
    let readers = result.options.readers.filter { $0 >= 100 }
    let rows = Answerer.allCases.map { BenchResult.Subject.requests(of: $0) }
      .filter { subject in result.turns.contains { $0.subject == subject } }
      .map { subject in
        [subject.name] + readers.map { words(.requests, subject, $0) }
          + readers.map { words(.requestProcessor, subject, $0) }
      }
    let head =
      ["**polls**"] + readers.map { "answered a second, \($0)" } + readers.map { "CPU, µs a poll, \($0)" }
    return [head] + rows
  }

  private func words(_ figure: Figure, _ subject: BenchResult.Subject, _ readers: Int) -> String {
    Estimate(result.values(figure, subject, readers: readers).compactMap(\.self))?.words ?? "–"
  }

  private var made: String { footnotes.map { "- \($0.inMarkdown)" }.joined(separator: "\n") }

  /// A table's lines, the first row its head.
  static func markdown(_ rows: [[String]]) -> [String] {
    rows.enumerated().flatMap { place, row in
      let line = "| \(row.joined(separator: " | ")) |"
      return place == 0 ? [line, "|---|" + String(repeating: "---:|", count: row.count - 1)] : [line]
    }
  }
}
