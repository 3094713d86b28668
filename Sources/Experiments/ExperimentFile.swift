import LabClient
import Measurement
import MonotonicTime
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
    "goodput", "trials", "seed", "serve",
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
        node, file: top.file, place: "an entry of 'conditions'", keys: ["name"] + Condition.keys)
      var condition = try base.changed(by: section)
      condition.name = try section.name("name")
      return condition
    }
    let names = conditions.map(\.name)
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

extension Experiment.Condition {
  fileprivate static let keys = [
    "prompt", "tokens", "size", "rate", "jitter", "think", "burst", "stalled", "fault", "stop",
  ]

  fileprivate func changed(by section: Section) throws -> Self {
    var changed = self
    changed.prompt = try section.optionalText("prompt") ?? prompt
    changed.tokens = try section.whole("tokens", QuestionFields.tokens, default: tokens)
    changed.tokenSize = try section.whole("size", QuestionFields.size, default: tokenSize)
    changed.pacing.rate = try section.number("rate", QuestionFields.rate, default: pacing.rate)
    changed.pacing.jitter = try section.number("jitter", QuestionFields.jitter, default: pacing.jitter)
    let think = try section.number("think", QuestionFields.thinkSeconds, default: pacing.think.inSeconds)
    changed.pacing.think = Duration(roundedSeconds: think)
    changed.pacing.burst = try section.whole("burst", QuestionFields.burst, default: pacing.burst)
    if let name = try section.optionalText("fault") {
      guard let disturbance = Disturbance(name) else {
        throw section.mistake(
          at: section.mapping["fault"],
          "'\(name)' is not a fault; the faults are \(Disturbance.names.joined(separator: ", "))")
      }
      changed.disturbance = disturbance
    }
    if section.mapping["stop"] != nil {
      changed.stopAfter = try section.whole("stop", 1...changed.tokens, default: 1)
    }
    changed.stalled = try section.whole("stalled", 0...10_000, default: stalled)
    return changed
  }
}

extension GoodputLimits {
  fileprivate init(_ section: Section) throws {
    let bounds = 0.000_1...3_600.0
    self.init(
      timeToFirstToken: try section.optionalNumber("ttft", bounds).map(Duration.init(roundedSeconds:)),
      delay: try section.optionalNumber("delay", bounds).map(Duration.init(roundedSeconds:)))
  }
}

extension Variant {
  fileprivate init(_ node: Node, file: String) throws {
    let section = try Section(
      node, file: file, place: "an entry of 'transports'",
      keys: ["transport", "name", "interval", "wait", "baseline", "recover", "silence", "stop"])
    let name = try section.text("transport")
    guard let transport = Transport(rawValue: name) else {
      let known = Transport.allCases.map(\.rawValue).joined(separator: ", ")
      throw section.mistake("'\(name)' is not a transport; the transports are \(known)")
    }
    self.init(transport: transport)
    pollInterval = Duration(
      roundedSeconds: try section.number("interval", 0.001...3_600, default: pollInterval.inSeconds))
    wait = Duration(roundedSeconds: try section.number("wait", 0...120, default: wait.inSeconds))
    self.name = try section.optionalName("name") ?? name
    if let word = try section.optionalText("stop") {
      guard let stopping = Stopping(rawValue: word),
        stopping == .delete || stopping == Stopping(over: transport)
      else {
        let own = Stopping(over: transport).rawValue
        throw section.mistake(
          at: section.mapping["stop"],
          "'stop' takes delete\(own == "delete" ? "" : " or \(own)") here, not '\(word)'")
      }
      self.stopping = stopping
    }
    switch try section.optionalText("recover") {
    case nil: break
    case "naive": recovery = .naive
    case "resume":
      let silence = try section.number("silence", 0.01...3_600, default: 45)
      recovery = .resume(Resumption(silence: Duration(roundedSeconds: silence)))
    case let other?:
      throw section.mistake(
        at: section.mapping["recover"], "'recover' takes resume or naive, not '\(other)'")
    }
  }
}
