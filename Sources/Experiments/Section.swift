import Foundation
import PlainText
import Results
import Yams

/// A mapping of an experiment file, and where it stands. Every mistake names file, line and key.
struct Section {
  let mapping: Node.Mapping
  let file: String
  private let place: String

  /// - Parameter keys: the keys it may have; a misspelt one is a mistake.
  init(_ node: Node, file: String, place: String, keys: [String]) throws {
    self.file = file
    self.place = place
    guard let mapping = node.mapping else {
      throw ExperimentError("\(file):\(node.mark?.line ?? 1): \(place) takes keys and values")
    }
    self.mapping = mapping
    for (key, _) in mapping where !keys.contains(key.scalar?.string ?? "") {
      let line = key.mark?.line ?? 1
      let word = key.scalar?.string ?? "?"
      throw ExperimentError(
        "\(file):\(line): '\(word)' is not a key of \(place)\(keys.suggestion(for: word)); its keys are "
          + keys.joined(separator: ", "))
    }
  }

  /// - Parameter node: where it is; the section's start if left out.
  func mistake(at node: Node? = nil, _ text: String) -> ExperimentError {
    ExperimentError("\(file):\(node?.mark?.line ?? mapping.mark?.line ?? 1): \(text)")
  }

  func noEntry(of list: String, called name: String) -> ExperimentError {
    mistake(at: mapping["baseline"], "'baseline' is '\(name)', but no entry of '\(list)' has that name")
  }

  func node(_ key: String) throws -> Node {
    guard let node = mapping[key] else { throw mistake("\(place) lacks '\(key)'") }
    return node
  }

  func list(_ key: String) throws -> [Node] {
    guard let list = try node(key).sequence, !list.isEmpty else {
      throw mistake(at: try node(key), "'\(key)' takes a list with at least one entry")
    }
    return Array(list)
  }

  func optionalSection(_ key: String, keys: [String]) throws -> Section? {
    try mapping[key].map { try Section($0, file: file, place: "'\(key)'", keys: keys) }
  }

  func optionalText(_ key: String) throws -> String? {
    guard let node = mapping[key] else { return nil }
    let text = node.scalar?.string.trimmingCharacters(in: .whitespacesAndNewlines)
    // `~`, `null` and nothing at all are no texts, unless in quotes.
    guard let text, !text.isEmpty, node.tag != Tag(.null) else {
      throw mistake(at: node, "'\(key)' takes a text")
    }
    return text
  }

  func text(_ key: String) throws -> String {
    guard let text = try optionalText(key) else { throw mistake("\(place) lacks '\(key)'") }
    return text
  }

  /// A text that stands in tables: it has one line.
  func optionalName(_ key: String) throws -> String? {
    guard let name = try optionalText(key) else { return nil }
    guard name == name.onOneLine else { throw mistake(at: mapping[key], "'\(key)' takes a text of one line") }
    return name
  }

  func name(_ key: String) throws -> String {
    guard let name = try optionalName(key) else { throw mistake("\(place) lacks '\(key)'") }
    return name
  }

  /// One of a few words.
  func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, default choice: Choice) throws -> Choice
  where Choice.RawValue == String {
    guard let word = try optionalText(key) else { return choice }
    guard let choice = Choice(rawValue: word) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: " or ")
      throw mistake(at: mapping[key], "'\(key)' takes \(words), not '\(word)'")
    }
    return choice
  }

  func whole(_ key: String, _ bounds: ClosedRange<Int>, default value: Int) throws -> Int {
    guard let node = mapping[key] else { return value }
    guard let number = node.scalar.flatMap({ DecimalNumber.whole($0.string) }), bounds.contains(number) else {
      throw mistake(
        at: node, "'\(key)' takes a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return number
  }

  func optionalNumber(_ key: String, _ bounds: ClosedRange<Double>) throws -> Double? {
    guard let node = mapping[key] else { return nil }
    guard let number = node.scalar.flatMap({ DecimalNumber.number($0.string) }), bounds.contains(number)
    else {
      throw mistake(at: node, "'\(key)' takes a number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return number
  }

  func number(_ key: String, _ bounds: ClosedRange<Double>, default value: Double) throws -> Double {
    try optionalNumber(key, bounds) ?? value
  }
}
