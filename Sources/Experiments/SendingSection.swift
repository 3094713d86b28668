/// How a condition's server sends.
extension Experiment.Condition {
  static let sendingKeys = ["batch", "heartbeat", "nagle"]

  /// - Returns: options of `pushlab serve`; nil where the section says nothing of it.
  /// - Throws: `ExperimentError` that names file, line and key.
  static func sending(in section: Section) throws -> [String]? {
    guard sendingKeys.contains(where: { section.mapping[$0] != nil }) else { return nil }
    var options: [String] = []
    if let batch = try section.optionalSection("batch", keys: ["milliseconds", "tokens"]) {
      if let time = try batch.optionalNumber("milliseconds", 1...10_000) {
        options.append("--batch-milliseconds=\(time)")
      }
      if batch.mapping["tokens"] != nil {
        options.append("--batch-tokens=\(try batch.whole("tokens", 2...10_000, default: 2))")
      }
      guard !options.isEmpty else {
        throw batch.mistake("'batch' takes milliseconds, tokens or both")
      }
    }
    if let seconds = try section.optionalNumber("heartbeat", 0.1...3_600) {
      options.append("--heartbeat=\(seconds)")
    }
    switch try section.optionalText("nagle") {
    case nil, "off": break
    case "on": options.append("--nagle")
    case let other?:
      throw section.mistake(at: section.mapping["nagle"], "'nagle' takes on or off, not '\(other)'")
    }
    return options
  }
}
