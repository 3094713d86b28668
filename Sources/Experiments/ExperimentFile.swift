import LabClient
import Measurement
import MonotonicTime
import PlainText
import TokenStream
import Wire
import Yams

/// A mistake in an experiment file, or a name that leads to none, with what to do about it, in one line.
public struct ExperimentError: Error, CustomStringConvertible, Equatable {
  public let description: String

  public init(_ description: String) {
    self.description = description.onOneLine
  }
}

extension Experiment {
  private static let keys = [
    "title", "question", "prediction", "stream", "conditions", "readers", "transports", "baseline", "metrics",
    "goodput", "trials", "seed", "serve", "scale",
  ]

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
    readers = try top.whole("readers", 1...100_000, default: 1)
    trials = try top.whole("trials", 1...10_000, default: 5)
    seed = UInt64(try top.whole("seed", 0...1_000_000_000, default: 1))
    conditions = try Self.conditions(top)
    variants = try top.list("transports").map { try Variant($0, file: file) }
    serverArguments = try Self.serverArguments(top)
    goodput = try top.optionalSection("goodput", keys: ["ttft", "delay"]).map(GoodputLimits.init)
    scale = try top.optionalSection("scale", keys: ScaleAssumptions.keys).map(ScaleAssumptions.init)
    metrics = []
    let names = variants.map(\.name)
    baseline = try top.optionalText("baseline") ?? names[0]
    for (node, variant) in zip(try top.list("transports"), variants) {
      ownBaselines[variant.name] = node.mapping?["baseline"]?.string
    }
    if let double = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw top.mistake(
        at: try top.node("transports"),
        "two entries of 'transports' are called '\(double)': give one of them another 'name'")
    }
    let own = try top.list("transports").compactMap { $0.mapping?["baseline"] }
    for (node, name) in [(top.mapping["baseline"], baseline)] + own.map({ ($0, $0.string ?? "?") })
    where !names.contains(name) {
      throw top.mistake(at: node, "'baseline' is '\(name)', which no entry of 'transports' is called")
    }
    let entries = entries.map(\.name)
    if let double = entries.first(where: { name in entries.count { $0 == name } > 1 }) {
      throw top.mistake(
        at: try top.node("conditions"),
        "an entry and a condition of other names would also be '\(double)': rename one of 'conditions'")
    }
    metrics = try metrics(top)
  }

  /// Those that set limits or times; where the server listens and what it waits with is the run's.
  private static func serverArguments(_ top: Section) throws -> [String] {
    guard let node = top.mapping["serve"] else { return [] }
    guard let options = node.mapping else { throw top.mistake(at: node, "'serve' takes options and values") }
    return try options.flatMap { key, value in
      guard let name = key.string, name.hasPrefix("max-") || name.hasSuffix("-time"),
        let number = value.string,
        Double(number) != nil
      else {
        throw top.mistake(
          at: key, "'serve' takes limits and times of 'pushlab serve', such as 'stall-time: 6'")
      }
      return ["--" + name, number]
    }
  }

  private static func conditions(_ top: Section) throws -> [Condition] {
    let stream = try Section(
      top.node("stream"), file: top.file, place: "'stream'", keys: Condition.keys)
    let common = Condition(
      name: "", prompt: try stream.text("prompt"), tokens: 200, tokenSize: 1, pacing: Pacing())
    let base = try common.changed(by: stream)
    guard top.mapping["conditions"] != nil else { return [base] }
    let conditions = try top.list("conditions").map { node in
      let section = try Section(
        node, file: top.file, place: "an entry of 'conditions'",
        keys: ["name", "baseline", "readers"] + Condition.keys)
      var condition = try base.changed(by: section)
      condition.name = try section.name("name")
      condition.baseline = try section.optionalName("baseline")
      if section.mapping["readers"] != nil {
        condition.readers = try section.whole("readers", 1...100_000, default: 1)
      }
      return condition
    }
    let names = conditions.map(\.name)
    for (node, condition) in zip(try top.list("conditions"), conditions) {
      guard let baseline = condition.baseline, !names.contains(baseline) else { continue }
      throw top.mistake(
        at: node.mapping?["baseline"],
        "'baseline' is '\(baseline)', which no entry of 'conditions' is called")
    }
    if let double = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw top.mistake(
        at: try top.node("conditions"),
        "two entries of 'conditions' are called '\(double)': give one of them another 'name'")
    }
    return conditions
  }

  /// A percentile that a trial's samples cannot carry is refused before the run where the file asks for it, and
  /// left out where it does not.
  private func metrics(_ top: Section) throws -> [Metric] {
    guard top.mapping["metrics"] != nil else {
      return Self.defaultMetrics.filter { samples(of: $0) >= $0.samplesNeeded }
    }
    let metrics = try Self.named(top)
    for metric in metrics where samples(of: metric) < metric.samplesNeeded {
      let kind = metric == .gap99 ? "gaps" : "tokens"
      throw top.mistake(
        at: top.mapping["metrics"],
        "\(metric.rawValue) needs \(metric.samplesNeeded) \(kind) a trial; \(readers) readers of "
          + "\(samplesPerTrial / readers) tokens give \(samples(of: metric)): raise 'readers' or 'tokens'")
    }
    return metrics
  }

  private static func named(_ top: Section) throws -> [Metric] {
    try top.list("metrics").map { node in
      guard let name = node.string, let metric = Metric(rawValue: name) else {
        let known = Metric.allCases.map(\.rawValue).joined(separator: ", ")
        throw top.mistake(at: node, "'\(node.string ?? "?")' is not a metric; the metrics are \(known)")
      }
      return metric
    }
  }

  private static let defaultMetrics: [Metric] = [
    .timeToFirstTokenCold, .delayMedian, .delay99, .gap99, .requests, .bytesDown, .bytesUp, .serverProcessor,
  ]
}

extension GoodputLimits {
  fileprivate init(_ section: Section) throws {
    let bounds = 0.000_1...3_600.0
    self.init(
      timeToFirstToken: try section.optionalNumber("ttft", bounds).map(Duration.init(roundedSeconds:)),
      delay: try section.optionalNumber("delay", bounds).map(Duration.init(roundedSeconds:)))
  }
}
