import PlainText

/// A name that no experiment has, with the names to choose from, in one line.
public struct UnknownExperiment: Error, CustomStringConvertible, Equatable {
  public let description: String

  init(_ name: String, names: [String]) {
    // The number may be left out.
    let short = names.map { String($0.dropFirst(3)) }
    let nearest = (names + short).nearest(to: name)
    let suggestion =
      zip(names, short).first { $0 == nearest || $1 == nearest }.map { " (did you mean \($0.0)?)" } ?? ""
    description =
      "there is no experiment '\(name)'\(suggestion): choose one of \(names.joined(separator: ", "))"
      .onOneLine
  }
}
