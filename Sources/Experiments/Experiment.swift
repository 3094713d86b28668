import LabClient
import Measurement
import TokenStream

/// A question put to the transports, with everything needed to answer it again.
public struct Experiment: Sendable {
  /// The folder's name, such as `01-typewriter`.
  public var name: String
  public var title: String
  public var question: String
  /// What its author expects, written down before the run.
  public var prediction: String
  /// How many readers read at a time, each a stream of its own.
  public var readers: Int
  public var variants: [Variant]
  /// The streams that each variant reads; one without a name where the experiment varies none.
  public var conditions: [Condition]
  /// The variant that the others are compared with.
  public var baseline: String
  /// Variants that are compared with another one instead, by name.
  public var ownBaselines: [String: String] = [:]
  /// The columns of its table.
  public var metrics: [Metric]
  public var goodput: GoodputLimits?
  /// Trials that count.
  public var trials: Int
  /// Trials before them that do not.
  public var warmUps = 1
  public var seed: UInt64
  /// What the report reckons up from what was measured.
  public var scale: ScaleAssumptions?
  public var serverLimits: [ServerLimit] = []

  /// What is asked; the seed comes from the trial.
  public struct Condition: Sendable, Hashable {
    public var name: String
    /// Instead of the experiment's own number.
    public var readers: Int?
    public var prompt: String
    public var tokens: Int
    public var tokenSize: Int
    public var pacing: Pacing
    /// Readers of the same transport that stand beside these, have asked, and read nothing.
    public var stalled = 0
    /// What happens to each reader's connection in the midst of its stream.
    public var disturbance: Disturbance?
    /// How many tokens each reader takes before it stops the generation; nil for all of them.
    public var stopAfter: Int?
    /// Tokens that each reader is to get at least.
    public var tokensTaken: Int { stopAfter ?? tokens }
    /// The condition that this one is compared with, transport by transport; nil compares the transports.
    public var baseline: String?

    /// An answer that readers stop stays as long as it is, so that there is something to stop.
    var quick: Condition {
      var quick = self
      quick.stalled = min(stalled, 20)
      // Conditions that differ in it still do.
      quick.readers = readers.map { max(1, $0 / 50) }
      if let stopAfter { quick.stopAfter = min(stopAfter, 12) } else { quick.tokens = min(tokens, 12) }
      return quick
    }
  }

  /// One line of the table: a variant under a condition.
  public struct Entry: Sendable, Hashable {
    public var variant: Variant
    public var condition: Condition

    public var name: String { Self.name(variant.name, condition) }

    static func name(_ variant: String, _ condition: Condition) -> String {
      condition.name.isEmpty ? variant : "\(variant), \(condition.name)"
    }
  }

  /// In the file's order, condition by condition.
  public var entries: [Entry] {
    conditions.flatMap { condition in variants.map { Entry(variant: $0, condition: condition) } }
  }

  /// The entry that an entry is compared with: the same variant under the condition's baseline, or the baseline
  /// variant under the same condition.
  public func baseline(of entry: Entry) -> String {
    if let other = conditions.first(where: { $0.name == entry.condition.baseline }) {
      return Entry.name(entry.variant.name, other)
    }
    return Entry.name(ownBaselines[entry.variant.name] ?? baseline, entry.condition)
  }

  public func readers(under condition: Condition) -> Int { condition.readers ?? readers }

  /// The question of a trial: all variants read the same answer along the same schedule.
  public func question(trial: Int, _ condition: Condition) -> Question {
    Question(
      prompt: condition.prompt, seed: seed &+ UInt64(trial), tokenCount: condition.tokens,
      tokenSize: condition.tokenSize, pacing: condition.pacing)
  }

  /// The same experiment cut down to a look: fewer trials and readers, shorter answers, no warm-up.
  public var quick: Experiment {
    var quick = self
    quick.trials = min(trials, 2)
    quick.warmUps = 0
    quick.readers = min(readers, 2)
    quick.conditions = conditions.map(\.quick)
    return quick
  }

  /// The same experiment with readers that do what naive code does where they would come back.
  public var naive: Experiment {
    var naive = self
    for index in variants.indices where variants[index].recovery != .none {
      naive.variants[index].recovery = .naive
    }
    return naive
  }

  /// The order in which a trial's entries take their turns: shuffled, from the experiment's seed.
  public func order(trial: Int) -> [Entry] {
    var generator = SeededGenerator(seed: seed &* 0x9e37_79b9 &+ UInt64(trial))
    return entries.shuffled(using: &generator)
  }

  /// How many tokens reach all readers together, at the highest rate of its conditions.
  public var tokensPerSecond: Double {
    conditions.map { Double(readers(under: $0)) * $0.pacing.rate }.max() ?? 0
  }

  /// Tokens that one entry's readers get in one trial: the samples behind its quantiles.
  public var samplesPerTrial: Int {
    conditions.map { readers(under: $0) * $0.tokensTaken }.min() ?? 0
  }

  /// Those behind this metric.
  func samples(of metric: Metric) -> Int {
    conditions.map { samples(of: metric, $0) }.min() ?? 0
  }

  /// A reader has one gap fewer than tokens.
  func samples(of metric: Metric, _ condition: Condition) -> Int {
    readers(under: condition) * (condition.tokensTaken - (metric == .gap99 ? 1 : 0))
  }
}
