import Measurement
import PlainText
import Report

extension BenchReport {
  /// The short form, `summary.md`: what decides, for whoever took part, with where and how it was measured.
  public var summary: String {
    let loads = result.options.shapes.flatMap { shape in Self.deciding.map { figures($0, shape) } }
    let tables = (loads.filter { $0.rows.count > 1 } + requests.prefix(2)).map { section in
      var section = section
      section.rows[0][0] = "**\(section.title)**, readers"
      return (Self.markdown(section.rows) + Self.notes(section)).joined(separator: "\n")
    }
    let made = (result.options.shapes.compactMap(bytes) + result.absent + failures + footnotes)
      .map { "- \($0.inMarkdown)" }.joined(separator: "\n")
    return (tables + [made]).joined(separator: "\n\n") + "\n"
  }

  private static let deciding: [Figure] = [.serverProcessor, .delayMedian, .delay99, .residentMemory]

  /// What a delivery weighs, which framings make differ.
  private func bytes(_ shape: Load.Shape) -> String? {
    guard let readers = result.options.readers.last else { return nil }
    let weights = result.subjects(shape).compactMap { subject in
      cell(.bytesRead, subject, readers).estimate.map { "\(subject.name) \($0.median.text(digits: 0))" }
    }
    guard !weights.isEmpty else { return nil }
    return
      "\(shape.rawValue): bytes read per delivery, at \(readers), framing included: \(weights.joined(separator: "; "))"
  }

  /// A table's lines, the first row its head.
  static func markdown(_ rows: [[String]]) -> [String] {
    rows.enumerated().flatMap { place, row in
      let line = "| \(row.joined(separator: " | ")) |"
      return place == 0 ? [line, "|---|" + String(repeating: "---:|", count: row.count - 1)] : [line]
    }
  }

  /// What stands below a table.
  static func notes(_ section: Section) -> [String] {
    let lines =
      section.legend.map { "- **\($0.letter)** \($0.text.inMarkdown)" }
      + section.notes.map { "- \($0.inMarkdown)" }
    return lines.isEmpty ? [] : [""] + lines
  }
}
