import Links
import PlainText
import Results

extension LinkProperties {
  private static let keys = ["delay", "jitter", "loss", "burst", "bandwidth", "mtu"]

  /// A profile's name, or each property by itself: milliseconds, percent, Mbit/s and bytes.
  /// - Throws: `ExperimentError` that names file, line and key.
  init(in section: Section) throws {
    let node = try section.node("network")
    guard node.mapping != nil else {
      let name = try section.text("network")
      guard let profile = LinkProfile(rawValue: name) else {
        throw section.mistake(
          at: node, LinkProfile.allCases.map(\.rawValue).refusal(of: name, kind: "network"))
      }
      self = profile.properties
      return
    }
    let own = try Section(node, file: section.file, place: "'network'", keys: Self.keys)
    self.init(
      delayMilliseconds: try own.number("delay", 0...10_000, default: 0),
      jitterMilliseconds: try own.number("jitter", 0...10_000, default: 0),
      loss: try own.number("loss", 0...50, default: 0) / 100,
      burstMilliseconds: try own.number("burst", 0...10_000, default: 0),
      megabitsPerSecond: try own.optionalNumber("bandwidth", 0.05...1_000),
      mtu: try own.whole("mtu", 576...1_500, default: 1_500))
    guard jitterMilliseconds <= delayMilliseconds else {
      throw own.mistake(
        at: own.mapping["jitter"], "'jitter' is more than 'delay', and no packet comes before it is sent")
    }
  }
}
