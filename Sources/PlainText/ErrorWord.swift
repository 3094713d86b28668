extension String {
  /// The name of an error in a library's description of it, such as `CERTIFICATE_VERIFY_FAILED`, in words, without the places
  /// in the library's source. Nil where it has none.
  public var errorWord: String? {
    firstMatch(of: /[A-Z0-9]+(_[A-Z0-9]+)+/).map { $0.0.replacing("_", with: " ").lowercased() }
  }
}
