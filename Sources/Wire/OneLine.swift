extension String {
  /// The text with a space for every line break and every other control character: what an error quotes came
  /// from outside, and is to be shown in one line.
  public var onOneLine: String {
    let scalars = unicodeScalars.map { scalar -> Unicode.Scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: " "
      default: scalar
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
