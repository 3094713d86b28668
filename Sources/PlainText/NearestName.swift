extension [String] {
  /// The name that a word which is none of them was probably meant to be.
  ///
  /// - Returns: nil where more than a third of each name would have to change.
  public func nearest(to word: String) -> String? {
    let distances = map { name in (name: name, distance: word.distance(to: name)) }
    return distances.filter { $0.distance <= $0.name.count / 3 }.min { $0.distance < $1.distance }?.name
  }

  /// The nearest name as a question, to stand behind the word; empty where none is near.
  ///
  /// - Parameter meant: the name to ask for in the nearest one's place.
  public func suggestion(for word: String, meant: (String) -> String? = { $0 }) -> String {
    nearest(to: word).flatMap(meant).map { " (did you mean \($0)?)" } ?? ""
  }

  /// What is said of a word that is none of these names.
  ///
  /// - Parameters:
  ///   - kind: what they are the names of, in the singular.
  ///   - plural: of several; with an s if left out.
  public func refusal(of word: String, kind: String, plural: String? = nil) -> String {
    "'\(word)' is not a \(kind)\(suggestion(for: word)); the \(plural ?? kind + "s") are \(joined(separator: ", "))"
  }
}

extension String {
  /// How many characters have to be added, removed or replaced (Levenshtein). Where the lengths alone differ by more than
  /// a third of the name, it is that difference: whoever typed this may have pasted a book.
  fileprivate func distance(to name: String) -> Int {
    let apart = abs(count - name.count)
    guard apart <= name.count / 3 else { return apart }
    var above = Array(0...name.count)
    for (row, character) in enumerated() {
      var line = [row + 1]
      for (column, other) in name.enumerated() {
        let replaced = above[column] + (character == other ? 0 : 1)
        line.append(Swift.min(replaced, above[column + 1] + 1, line[column] + 1))
      }
      above = line
    }
    return above[name.count]
  }
}
