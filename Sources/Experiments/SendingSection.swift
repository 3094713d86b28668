/// How a condition's server sends, where that is not as it does by itself.
struct Sending: Hashable, Sendable {
  var batchMilliseconds: Double?
  var batchTokens: Int?
  var heartbeatSeconds: Double?
  var isNagling = false

  static let keys = ["batch", "heartbeat", "nagle"]

  /// As options of `pushlab serve`.
  var options: [String] {
    (batchMilliseconds.map { ["--batch-milliseconds=\($0)"] } ?? [])
      + (batchTokens.map { ["--batch-tokens=\($0)"] } ?? [])
      + (heartbeatSeconds.map { ["--heartbeat=\($0)"] } ?? []) + (isNagling ? ["--nagle"] : [])
  }

  /// Takes what a section says of it; the rest stays.
  /// - Throws: `ExperimentError` that names file, line and key.
  mutating func change(by section: Section) throws {
    if let batch = try section.optionalSection("batch", keys: ["milliseconds", "tokens"]) {
      batchMilliseconds = try batch.optionalNumber("milliseconds", 1...10_000)
      batchTokens =
        batch.mapping["tokens"] == nil ? nil : try batch.whole("tokens", 2...1_000, default: 2)
      guard batchMilliseconds != nil || batchTokens != nil else {
        throw batch.mistake("'batch' takes milliseconds, tokens or both")
      }
    }
    heartbeatSeconds = try section.optionalNumber("heartbeat", 0.1...3_600) ?? heartbeatSeconds
    switch try section.optionalText("nagle") {
    case nil: break
    case "off": isNagling = false
    case "on": isNagling = true
    case let other?:
      throw section.mistake(at: section.mapping["nagle"], "'nagle' takes on or off, not '\(other)'")
    }
  }
}
