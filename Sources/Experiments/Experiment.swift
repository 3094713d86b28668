import LabClient
import TokenStream

/// A question put to the transports, with everything needed to answer it again.
public struct Experiment: Sendable {
  /// The folder's name, such as `01-typewriter`.
  public var name: String
  public var title: String
  public var question: String
  /// What its author expects, written down before the run.
  public var prediction: String
  public var stream: StreamSettings
  /// How many readers read at a time, each a stream of its own.
  public var readers: Int
  public var variants: [Variant]
  /// Trials that count.
  public var trials: Int
  /// Trials before them that do not.
  public var warmUps = 1
  public var seed: UInt64

  /// What is asked in each trial; the seed comes from the trial.
  public struct StreamSettings: Sendable, Hashable {
    public var prompt: String
    public var tokens: Int
    public var pacing: Pacing
  }

  /// The question of a trial: all its variants read the same answer along the same schedule.
  public func question(trial: Int) -> Question {
    Question(
      prompt: stream.prompt, seed: seed &+ UInt64(trial), tokenCount: stream.tokens, pacing: stream.pacing)
  }

  /// The same experiment cut down to a look: fewer trials and readers, shorter answers, no warm-up.
  public var quick: Experiment {
    var quick = self
    quick.trials = min(trials, 2)
    quick.warmUps = 0
    quick.readers = min(readers, 2)
    quick.stream.tokens = min(stream.tokens, 12)
    return quick
  }

  /// The order in which a trial's variants take their turns: shuffled, from the experiment's seed.
  public func order(trial: Int) -> [Variant] {
    var generator = SeededGenerator(seed: seed &* 0x9e37_79b9 &+ UInt64(trial))
    return variants.shuffled(using: &generator)
  }
}
