import PlainText

/// A mistake in an experiment file, or a name that leads to none, with what to do about it, in one line.
public struct ExperimentError: Error, CustomStringConvertible, Equatable {
  public let description: String

  public init(_ description: String) {
    self.description = description.onOneLine
  }
}
