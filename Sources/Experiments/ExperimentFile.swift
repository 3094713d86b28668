import Answers
import Edge
import LabClient
import Measurement
import MonotonicTime
import PlainText
import Readings
import Results
import Yams

extension Experiment {
  private static let keys = [
    "title", "question", "prediction", "stream", "conditions", "readers", "transports", "baseline", "metrics",
    "goodput", "runs", "trials", "seed", "serve", "scale", "memory",
  ]

  /// Reads an experiment file.
  /// - Parameter hasEdge: `--via` or a `--server` of https says what speaks TLS, so that the file need not.
  /// - Throws: `ExperimentError` that names file, line and key.
  public init(name: String, yaml text: String, file: String, hasEdge: Bool = false) throws {
    let node = try YAMLText.node(text, file: file)
    let top = try Section(node, file: file, place: "the file", keys: Self.keys)
    self.name = name
    self.file = text
    title = try top.text("title")
    question = try top.text("question")
    prediction = try top.text("prediction")
    readers = try top.whole("readers", 1...100_000, default: 1)
    runs = try top.whole("runs", 1...1_000, default: 1)
    trials = try top.whole("trials", 1...10_000, default: 6)
    seed = UInt64(try top.whole("seed", 0...1_000_000_000, default: 1))
    conditions = try Self.conditions(top)
    variants = try top.list("transports").map { try Variant($0, file: file) }
    serverLimits = try Self.serverLimits(top)
    goodput = try top.optionalSection("goodput", keys: ["ttft", "delay"]).map(GoodputLimits.init)
    scale = try top.optionalSection("scale", keys: ScaleAssumptions.keys).map(ScaleAssumptions.init)
    metrics = []
    let names = variants.map(\.name)
    baseline = try top.optionalName("baseline") ?? names[0]
    if let double = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw top.mistake(
        at: try top.node("transports"),
        "two entries of 'transports' are called '\(double)': give one of them another 'name'")
    }
    guard names.contains(baseline) else { throw top.noEntry(of: "transports", called: baseline) }
    for (node, variant) in zip(try top.list("transports"), variants) {
      let section = try Section(node, file: file, place: "an entry of 'transports'", keys: Variant.keys)
      guard let own = try section.optionalName("baseline") else { continue }
      guard names.contains(own) else { throw section.noEntry(of: "transports", called: own) }
      ownBaselines[variant.name] = own
    }
    let entries = entries.map(\.name)
    if let double = entries.first(where: { name in entries.count { $0 == name } > 1 }) {
      throw top.mistake(
        at: try top.node("conditions"),
        "two pairs of an entry and a condition would be called '\(double)': rename one of 'conditions'")
    }
    if top.mapping["memory"] != nil {
      memoryConnections = try top.whole("memory", 1...100_000, default: 4_000)
    }
    try requireLongAnswers(top)
    try requireUnhidden(top)
    if !hasEdge { try requireEdges(top) }
    metrics = try metrics(top)
  }

  /// An answer that is over after a few polls shows where the polls fell, not what polling does.
  private func requireLongAnswers(_ top: Section) throws {
    let fewestPolls = 5
    for (node, variant) in zip(try top.list("transports"), variants) where variant.transport == .shortPolling
    {
      for condition in conditions where condition.meanAnswerLength < variant.pollInterval * fewestPolls {
        let answer = condition.name.isEmpty ? "the answer" : "the answer of '\(condition.name)'"
        throw top.mistake(
          at: node,
          "\(answer) lasts \(condition.meanAnswerLength.inSeconds) s, which is less than \(fewestPolls) intervals of "
            + "'\(variant.name)': raise 'tokens', or lower 'interval'")
      }
    }
  }

  /// Those who break connections or stall speak HTTP/1.1 in the clear.
  private func requireUnhidden(_ top: Section) throws {
    for (node, variant) in zip(try top.list("transports"), variants)
    where variant.http != .clear || variant.coding != .identity {
      let key = variant.http != .clear ? "over: \(variant.http.rawValue)" : "coding: gzip"
      for condition in conditions {
        guard case .fault = condition.disturbance else { continue }
        throw top.mistake(
          at: node, "'\(key)' hides from 'fault' where a token is cut: leave one of them out")
      }
      guard variant.http == .clear || conditions.allSatisfy({ $0.stalled == 0 }) else {
        throw top.mistake(at: node, "'stalled' readers speak HTTP in the clear: leave '\(key)' out")
      }
    }
  }

  /// The server itself speaks HTTP/1.1 in the clear.
  private func requireEdges(_ top: Section) throws {
    for (node, variant) in zip(try top.list("transports"), variants) where variant.http != .clear {
      let lacking = conditions.first { $0.proxy?.speaksTLS != true }
      guard let lacking else { continue }
      let place = lacking.name.isEmpty ? "'stream'" : "the condition '\(lacking.name)'"
      let proxies = Proxy.allCases.filter(\.speaksTLS).map(\.rawValue).joined(separator: ", ")
      throw top.mistake(
        at: node,
        "'over: \(variant.http.rawValue)' needs a proxy that speaks TLS, and \(place) has none: give it a 'via' of "
          + proxies + ", or run it with --via, or with a --server of https")
    }
  }

  private static func conditions(_ top: Section) throws -> [Condition] {
    let stream = try Section(
      top.node("stream"), file: top.file, place: "'stream'", keys: Condition.keys)
    let common = Condition(
      name: "", prompt: stream.mapping["trace"] == nil ? try stream.text("prompt") : "", tokens: 200,
      tokenSize: 1, pacing: Pacing())
    let base = try common.changed(by: stream)
    guard top.mapping["conditions"] != nil else { return [base] }
    let conditions = try top.list("conditions").map { node in
      let section = try Section(
        node, file: top.file, place: "an entry of 'conditions'",
        keys: Condition.namedKeys)
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
      let section = try Section(
        node, file: top.file, place: "an entry of 'conditions'", keys: Condition.namedKeys)
      throw section.noEntry(of: "conditions", called: baseline)
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
        .map { $0 == .timeToFirstTokenCold && isWarmThroughout ? .timeToFirstTokenWarm : $0 }
    }
    let metrics = try Self.named(top)
    if let double = metrics.first(where: { metric in metrics.count { $0 == metric } > 1 }) {
      throw top.mistake(at: top.mapping["metrics"], "'metrics' has \(double.rawValue) twice")
    }
    if isWarmThroughout,
      let cold = metrics.first(where: { $0 == .timeToFirstTokenCold || $0 == .timeToConnect })
    {
      throw top.mistake(
        at: top.mapping["metrics"],
        "\(cold.rawValue) needs readers that connect, and where some share a connection, all are warm: leave it out"
      )
    }
    if goodput == nil, metrics.contains(.goodput) {
      throw top.mistake(
        at: top.mapping["metrics"], "goodput_share needs 'goodput', which says what a good stream keeps")
    }
    for metric in metrics where samples(of: metric) < metric.samplesNeeded {
      let fewest = conditions.min { samples(of: metric, $0) < samples(of: metric, $1) } ?? conditions[0]
      throw top.mistake(
        at: top.mapping["metrics"],
        "\(metric.rawValue) needs \(metric.samplesNeeded) \(metric == .gap99 ? "gaps" : "tokens") per trial; "
          + "\(readers(under: fewest)) readers of \(fewest.tokensTaken) tokens give \(samples(of: metric)): "
          + "raise 'readers' or 'tokens'")
    }
    return metrics
  }

  private static func named(_ top: Section) throws -> [Metric] {
    try top.list("metrics").map { node in
      let name = node.scalar?.string ?? "?"
      guard let metric = Metric(rawValue: name) else {
        throw top.mistake(at: node, Metric.allCases.map(\.rawValue).refusal(of: name, kind: "metric"))
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
