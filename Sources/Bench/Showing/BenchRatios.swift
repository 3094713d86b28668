import Report

extension BenchReport {
  /// The bare loop with the same framing; there is none for polls.
  static func floor(_ shape: Load.Shape, _ entry: Entry) -> Entry? {
    let floor = Entry(server: .floor, transport: entry.transport)
    return entry.server != .floor && Server.floor.transports.contains(entry.transport) ? floor : nil
  }

  /// Nchan on the same transport.
  static func nchan(_ shape: Load.Shape, _ entry: Entry) -> Entry? {
    guard entry.server != .nchan, Server.nchan.shapes.contains(shape) else { return nil }
    return Entry(server: .nchan, transport: entry.transport)
  }

  func ratios(
    _ shape: Load.Shape, _ figures: [Figure], to name: String, _ other: (Load.Shape, Entry) -> Entry?
  ) -> [Section] {
    figures.compactMap { figure in
      let title = "\(shape.rawValue): \(figure.name), as a multiple of \(name)'s"
      var section = ratios(result.subjects(shape), title, figure, hasLosses: true) { subject in
        guard case .load(_, let entry) = subject else { return nil }
        return other(shape, entry).map { .load(shape: shape, entry: $0) }
      }
      section?.notes += noise(figure, shape)
      return section
    }
  }

  /// - Parameter other: whom an entry is held against; nil where there is nobody.
  /// - Returns: nil where there is no ratio.
  func ratios(
    _ subjects: [BenchResult.Subject], _ title: String, _ figure: Figure, hasLosses: Bool,
    _ other: (BenchResult.Subject) -> BenchResult.Subject?
  ) -> Section? {
    let compared = subjects.filter { subject in
      guard let other = other(subject), other != subject else { return false }
      return result.options.readers.contains { ratio(figure, subject, other, $0) != nil }
    }
    guard !compared.isEmpty else { return nil }
    return table(title, compared, hasLosses: hasLosses, grows: false) { subject, readers in
      let other = other(subject)!
      return Cell(
        estimate: ratio(figure, subject, other, readers)?.estimate,
        remarks: remarks(figure, subject, readers) + remarks(figure, other, readers))
    }
  }

  func ratio(
    _ figure: Figure, _ subject: BenchResult.Subject, _ other: BenchResult.Subject, _ readers: Int
  ) -> Ratio? {
    Ratio(
      result.values(figure, subject, readers: readers), to: result.values(figure, other, readers: readers))
  }
}
