import Foundation
import LabClient
import TokenStream
import Wire
import Yams

/// A mistake in an experiment file, or a name that leads to none, with what to do about it.
public struct ExperimentError: Error, CustomStringConvertible, Equatable {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}

extension Experiment {
  /// Reads an experiment file.
  /// - Throws: `ExperimentError` that names file, line and key.
  public init(name: String, yaml text: String, file: String) throws {
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw ExperimentError("\(file): not YAML: \("\(error)".split(separator: "\n").joined(separator: " "))")
    }
    guard let node else { throw ExperimentError("\(file): the file is empty") }
    let top = try Section(node, file: file, place: "the file", keys: Self.keys)
    self.name = name
    title = try top.text("title")
    question = try top.text("question")
    prediction = try top.text("prediction")
    let section = try Section(
      top.node("stream"), file: file, place: "'stream'",
      keys: ["prompt", "tokens", "rate", "jitter", "think", "burst"])
    stream = try StreamSettings(section)
    readers = try top.whole("readers", 1...100_000, default: 1)
    trials = try top.whole("trials", 1...10_000, default: 5)
    seed = UInt64(try top.whole("seed", QuestionFields.seed, default: 1))
    guard let list = try top.node("transports").sequence, !list.isEmpty else {
      throw top.mistake("'transports' takes a list with at least one entry, such as - transport: websocket")
    }
    variants = try list.map { try Variant($0, file: file) }
    let names = variants.map(\.name)
    if let double = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw top.mistake("two entries of 'transports' are called '\(double)': give one of them another 'name'")
    }
  }

  private static let keys = [
    "title", "question", "prediction", "stream", "readers", "transports", "trials", "seed",
  ]
}

extension Experiment.StreamSettings {
  fileprivate init(_ section: Section) throws {
    prompt = try section.text("prompt")
    tokens = try section.whole("tokens", QuestionFields.tokens, default: 200)
    pacing = Pacing()
    pacing.rate = try section.number("rate", QuestionFields.rate, default: pacing.rate)
    pacing.jitter = try section.number("jitter", QuestionFields.jitter, default: pacing.jitter)
    let think = try section.number("think", QuestionFields.thinkSeconds, default: pacing.think.inSeconds)
    pacing.think = .seconds(think)
    pacing.burst = try section.whole("burst", QuestionFields.burst, default: 1)
  }
}

extension Variant {
  fileprivate init(_ node: Node, file: String) throws {
    let section = try Section(
      node, file: file, place: "an entry of 'transports'", keys: ["transport", "name", "interval", "wait"])
    let name = try section.text("transport")
    guard let transport = Transport(rawValue: name) else {
      let known = Transport.allCases.map(\.rawValue).joined(separator: ", ")
      throw section.mistake("'\(name)' is not a transport; the transports are \(known)")
    }
    self.init(transport: transport)
    pollInterval = .seconds(try section.number("interval", 0.001...3_600, default: pollInterval.inSeconds))
    wait = .seconds(try section.number("wait", 0...120, default: wait.inSeconds))
    self.name = try section.optionalText("name") ?? name
  }
}

/// A mapping of the file, and where it stands.
private struct Section {
  let mapping: Node.Mapping
  let file: String
  let place: String

  init(_ node: Node, file: String, place: String, keys: [String]) throws {
    self.file = file
    self.place = place
    guard let mapping = node.mapping else {
      throw ExperimentError("\(file):\(node.mark?.line ?? 1): \(place) takes keys and values")
    }
    self.mapping = mapping
    for (key, _) in mapping where !keys.contains(key.string ?? "") {
      let line = key.mark?.line ?? 1
      throw ExperimentError(
        "\(file):\(line): '\(key.string ?? "?")' is not a key of \(place); its keys are "
          + keys.joined(separator: ", "))
    }
  }

  func mistake(_ text: String) -> ExperimentError {
    ExperimentError("\(file):\(mapping.mark?.line ?? 1): \(text)")
  }

  func node(_ key: String) throws -> Node {
    guard let node = mapping[key] else { throw mistake("\(place) lacks '\(key)'") }
    return node
  }

  func optionalText(_ key: String) throws -> String? {
    guard let node = mapping[key] else { return nil }
    guard let text = node.string, !text.isEmpty else { throw mistake("'\(key)' takes a text") }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func text(_ key: String) throws -> String {
    guard let text = try optionalText(key) else { throw mistake("\(place) lacks '\(key)'") }
    return text
  }

  func whole(_ key: String, _ bounds: ClosedRange<Int>, default value: Int) throws -> Int {
    guard let node = mapping[key] else { return value }
    guard let number = node.int, bounds.contains(number) else {
      throw mistake("'\(key)' takes a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return number
  }

  func number(_ key: String, _ bounds: ClosedRange<Double>, default value: Double) throws -> Double {
    guard let node = mapping[key] else { return value }
    guard let number = node.float ?? node.int.map(Double.init), bounds.contains(number) else {
      throw mistake("'\(key)' takes a number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return number
  }
}
