import Foundation
import Results
import Yams

/// The text of an experiment file before it means anything.
enum YAMLText {
  /// - Throws: `ExperimentError` that names the line of the first byte that is not UTF-8.
  static func decoded(_ data: Data, file: String) throws(ExperimentError) -> String {
    if let text = String(data: data, encoding: .utf8) { return text }
    // Whatever is not UTF-8 is replaced, so the bytes differ from there on.
    let replaced = String(decoding: data, as: UTF8.self).utf8
    let count = zip(data, replaced).prefix { $0 == $1 }.count
    let line = 1 + data.prefix(count).count { $0 == UInt8(ascii: "\n") }
    throw ExperimentError("\(file):\(line): this is not UTF-8 text: save the file as UTF-8")
  }

  /// - Throws: `ExperimentError` that names the line where it is no YAML.
  static func node(_ text: String, file: String) throws -> Node {
    do {
      guard let node = try Yams.compose(yaml: text) else {
        throw ExperimentError("\(file):1: the file is empty")
      }
      return node
    } catch let error as YamlError {
      let (line, problem) = mistake(error)
      // What ends too early is found in the line behind the last.
      let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
      throw ExperimentError("\(file):\(min(line, lines)): \(problem)")
    }
  }

  private static func mistake(_ error: YamlError) -> (line: Int, problem: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark.line, "this is not YAML: \(problem)")
    case .reader(let problem, let offset, _, let yaml):
      (1 + yaml.prefix(offset ?? 0).count(where: \.isNewline), "this is not YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      (context.mark.line, "'\(keys.first ?? "?")' is given twice: remove one of them")
    default:
      (1, "this is not YAML: \(error)")
    }
  }
}
