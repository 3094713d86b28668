/// Links as people have them, by name.
public enum LinkProfile: String, CaseIterable, Sendable {
  case lan
  case homeWiFi = "home-wifi"
  case fourthGeneration = "4g"
  case thirdGeneration = "3g"
  case transatlantic
  case train

  /// 3g and 4g have the round trips and the bandwidths of WebPageTest's profiles of these names, downwards; their jitter and the others are
  /// this lab's own choice: a wired office, a flat with neighbours, a city on the other side of the ocean, and a train that
  /// loses what it sends in bursts.
  public var properties: LinkProperties {
    switch self {
    case .lan: LinkProperties(delayMilliseconds: 0.25, megabitsPerSecond: 100)
    case .homeWiFi:
      LinkProperties(delayMilliseconds: 4, jitterMilliseconds: 3, loss: 0.002, megabitsPerSecond: 50)
    case .fourthGeneration:
      LinkProperties(delayMilliseconds: 85, jitterMilliseconds: 10, megabitsPerSecond: 9)
    case .thirdGeneration:
      LinkProperties(delayMilliseconds: 150, jitterMilliseconds: 20, megabitsPerSecond: 1.6)
    case .transatlantic: LinkProperties(delayMilliseconds: 45, megabitsPerSecond: 100)
    case .train:
      LinkProperties(
        delayMilliseconds: 60, jitterMilliseconds: 20, loss: 0.03, burstMilliseconds: 300,
        megabitsPerSecond: 4)
    }
  }
}
