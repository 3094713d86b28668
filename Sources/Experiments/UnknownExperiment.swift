import PlainText

/// A name that no experiment has, with the names to choose from, in one line.
public struct UnknownExperiment: Error, CustomStringConvertible, Equatable {
  public let description: String

  init(_ name: String, names: [String]) {
    // The number may be left out.
    let short = names.map { String($0.dropFirst(3)) }
    let suggestion = (names + short).suggestion(for: name) { nearest in
      names.first { $0 == nearest || $0.dropFirst(3) == nearest }
    }
    description =
      "there is no experiment '\(name)'\(suggestion): choose one of \(names.joined(separator: ", "))"
      .onOneLine
  }
}
