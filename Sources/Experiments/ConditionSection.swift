import Answers
import Edge
import Links
import MonotonicTime
import PlainText
import Wire

extension Experiment.Condition {
  /// What is asked of the script, and what a trace has of its own.
  private static let scriptKeys = ["prompt", "tokens", "size", "rate", "jitter", "think", "burst"]
  static let keys =
    scriptKeys + ["trace", "stalled", "fault", "stop", "network", "via", "hints"] + Sending.keys

  static let namedKeys = ["name", "baseline", "readers"] + keys

  func changed(by section: Section) throws -> Self {
    var changed = self
    if let trace = try section.optionalText("trace") {
      changed.replay(try ReplayedTrace(trace, in: section))
    }
    if changed.trace != nil, let key = Self.scriptKeys.first(where: { section.mapping[$0] != nil }) {
      throw section.mistake(
        at: section.mapping[key], "'\(key)' is the script's, and the trace has its own: leave it out")
    }
    changed.prompt = try section.optionalText("prompt") ?? changed.prompt
    guard changed.prompt.utf8.count <= QuestionFields.promptLimit else {
      throw section.mistake(
        at: section.mapping["prompt"], "'prompt' takes a text of at most \(QuestionFields.promptLimit) bytes")
    }
    changed.tokens = try section.whole("tokens", QuestionFields.tokens, default: changed.tokens)
    changed.tokenSize = try section.whole("size", QuestionFields.size, default: changed.tokenSize)
    changed.pacing.rate = try section.number("rate", QuestionFields.rate, default: changed.pacing.rate)
    changed.pacing.jitter = try section.number(
      "jitter", QuestionFields.jitter, default: changed.pacing.jitter)
    let think = try section.number(
      "think", QuestionFields.thinkSeconds, default: changed.pacing.think.inSeconds)
    changed.pacing.think = Duration(roundedSeconds: think)
    changed.pacing.burst = try section.whole("burst", QuestionFields.burst, default: changed.pacing.burst)
    if let name = try section.optionalText("fault") {
      guard let disturbance = Disturbance(name) else {
        throw section.mistake(
          at: section.mapping["fault"], Disturbance.names.refusal(of: name, kind: "fault"))
      }
      changed.disturbance = disturbance
    }
    if section.mapping["network"] != nil { changed.network = try LinkProperties(in: section) }
    if let network = section.mapping["network"] ?? section.mapping["fault"], changed.network != nil,
      case .fault? = changed.disturbance
    {
      throw section.mistake(
        at: network, "'fault' breaks connections on the loopback interface: leave 'network' out")
    }
    if let name = try section.optionalText("via") {
      guard let proxy = Proxy(rawValue: name) else {
        throw section.mistake(
          at: section.mapping["via"],
          Proxy.allCases.map(\.rawValue).refusal(of: name, kind: "proxy", plural: "proxies"))
      }
      changed.proxy = proxy
    }
    if let names = try section.optionalText("hints") {
      guard ForwardingHints(names: names) != nil else {
        throw section.mistake(
          at: section.mapping["hints"],
          "'hints' takes \(ForwardingHints.names.joined(separator: ", ")), not '\(names)'")
      }
      changed.hints = names
    }
    try changed.sending.change(by: section)
    if section.mapping["stop"] != nil {
      changed.stopAfter = try section.whole("stop", 1...changed.tokens, default: 1)
    } else if let stopAfter, stopAfter > changed.tokens {
      throw section.mistake(
        at: section.mapping["tokens"],
        "'tokens' is less than the \(stopAfter) of 'stop' above: give it a 'stop' of its own")
    }
    changed.stalled = try section.whole("stalled", 0...10_000, default: stalled)
    return changed
  }
}
