/// Where in a run a turn stands.
public struct TrialPlace: Hashable, Sendable {
  public var run: Int
  public var trial: Int

  public init(run: Int = 0, trial: Int) {
    self.run = run
    self.trial = trial
  }
}
