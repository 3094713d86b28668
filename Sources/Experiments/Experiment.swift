import Answers
import Edge
import Links
import Measurement
import MonotonicTime
import OpenDescriptors
import Readings
import Results

/// A question put to the transports, with everything needed to answer it again.
public struct Experiment: Sendable {
  /// The folder's name, such as `01-typewriter`.
  public var name: String
  /// The text of its file.
  public var file: String
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
  /// Runs, each with a server of its own: what differs from one to another is in no single run's interval.
  public var runs = 1
  /// From one run's beginning to the next one's; a run that takes longer is followed at once.
  public var runSpacing = Duration.zero
  /// Trials of a run that count.
  public var trials: Int
  /// Trials before them that do not.
  public var warmUps = 1
  public var seed: UInt64
  /// How many waiting readers are held at a time where memory is measured; nil measures none.
  public var memoryConnections: Int?
  /// Cut down to a look: too little to decide or to reckon by.
  public var isQuick = false
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
    /// The recorded answer that is replayed; nil where the script answers. Prompt, number of tokens and pacing are then
    /// the trace's own, the rate and the think time as they come to on average.
    public var trace: ReplayedTrace?
    /// Readers of the same transport that stand beside these, have asked, and read nothing.
    public var stalled = 0
    /// The link between server and readers. Nil is the loopback interface where no condition has a link, and else a link
    /// that only leads to the other end.
    public var network: LinkProperties?
    /// Who stands between readers and server; nil where nobody does.
    public var proxy: Proxy?
    /// What streams ask of who stands between; nil for what the server asks by itself.
    var hints: String?
    var sending = Sending()
    /// What happens to each reader's connection in the midst of its stream.
    public var disturbance: Disturbance?
    /// How many tokens each reader takes before it stops the generation; nil for all of them.
    public var stopAfter: Int?
    /// Tokens that each reader is to get at least.
    public var tokensTaken: Int { stopAfter ?? tokens }
    /// How long it takes on average until those tokens are there, from the stream's beginning.
    public var meanLength: Duration { meanLength(of: tokensTaken) }
    /// How much text one answer is, in pieces of about four characters.
    var pieceCount: Int { trace?.answer.foretold.pieceCount ?? tokens * tokenSize }
    /// The same of the whole answer, which goes on where readers stop it or not.
    public var meanAnswerLength: Duration { meanLength(of: tokens) }

    private func meanLength(of count: Int) -> Duration {
      pacing.think + Duration(roundedSeconds: Double(count - 1) / pacing.rate)
    }

    /// The condition that this one is compared with, transport by transport; nil compares the transports.
    public var baseline: String?

    /// What is called by its number of readers is not to be called by one that is not its own.
    fileprivate var quickName: String {
      quick.readers.map { "\(name), here \($0)" } ?? name
    }

    /// An answer that readers stop stays as long as it is, so that there is something to stop, and so does one that was
    /// recorded.
    var quick: Condition {
      var quick = self
      quick.stalled = min(stalled, 20)
      // Conditions that differ in it still do.
      quick.readers = readers.map { max(1, $0 / 50) }
      if let stopAfter {
        quick.stopAfter = min(stopAfter, 12)
      } else if trace == nil {
        quick.tokens = min(tokens, 12)
      }
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

  /// The entry that an entry is compared with: its variant's own baseline under the same condition; else the same variant
  /// under the condition's baseline, or the baseline variant under the same condition.
  public func baseline(of entry: Entry) -> String {
    if let own = ownBaselines[entry.variant.name] { return Entry.name(own, entry.condition) }
    if let other = conditions.first(where: { $0.name == entry.condition.baseline }) {
      return Entry.name(entry.variant.name, other)
    }
    return Entry.name(baseline, entry.condition)
  }

  public func readers(under condition: Condition) -> Int { condition.readers ?? readers }

  /// What one reader asks: people do not ask for the same in step, so each has an answer and a schedule of its own. The
  /// same reader of all variants has the same.
  public func question(_ place: TrialPlace, reader: Int, _ condition: Condition) -> Question {
    Question(
      prompt: condition.prompt, seed: drawn(for: place, reader: reader), tokenCount: condition.tokens,
      tokenSize: condition.tokenSize, pacing: condition.pacing)
  }

  /// Within what a question's seed may be.
  private func drawn(for place: TrialPlace, reader: Int = -1) -> UInt64 {
    func mixed(_ number: UInt64) -> UInt64 {
      var generator = SeededGenerator(seed: number)
      return generator.next()
    }
    return [place.run, place.trial, reader].reduce(mixed(seed)) { drawn, number in
      mixed(drawn &+ UInt64(bitPattern: Int64(number)))
    } >> 11
  }

  /// The same experiment cut down to a look: fewer trials and readers, shorter answers, no warm-up.
  public var quick: Experiment {
    var quick = self
    quick.trials = min(trials, 2)
    quick.warmUps = 0
    quick.readers = min(readers, 2)
    quick.runs = 1
    quick.memoryConnections = nil
    quick.isQuick = true
    quick.conditions = conditions.map { condition in
      var quick = condition.quick
      quick.name = condition.quickName
      quick.baseline = conditions.first { $0.name == condition.baseline }?.quickName
      return quick
    }
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
  public func order(_ place: TrialPlace) -> [Entry] {
    var generator = SeededGenerator(seed: drawn(for: place))
    return entries.shuffled(using: &generator)
  }

  /// The links of its conditions. Where one has a link, those without have one that only leads to the other end.
  public var links: [LinkProperties] { conditions.compactMap(\.network) }

  /// Where some readers share a connection, most of them find one that stands. So that nobody is compared with who has to
  /// connect, all are warm then.
  var isWarmThroughout: Bool { variants.contains { $0.readersPerConnection > 1 } }

  /// How many tokens reach all readers together, at the highest rate of its conditions.
  public var tokensPerSecond: Double {
    conditions.map { Double(readers(under: $0)) * $0.pacing.rate }.max() ?? 0
  }

  /// How many descriptors the readers' process needs at most, with those that it keeps for itself. A reader takes one,
  /// and a copy of it where its connection may end before its bytes are counted; a way that is broken takes a link's port,
  /// its listener and two ends beside them.
  var descriptorsNeeded: Int {
    let turns = conditions.map { condition in
      readers(under: condition) * (condition.disturbance == nil ? 2 : 6) + condition.stalled
    }
    return max(turns.max() ?? 0, memoryConnections ?? 0) + Descriptors.reserve + 100
  }

  /// Why this run cannot tell a difference from the baseline, so that nobody learns it from the report; nil where it can,
  /// and for a look, which is to tell none.
  public var differencesShortage: String? {
    let needed = Interval.valuesNeeded(comparisons: metrics.count)
    let (count, what) = runs > 1 ? (runs, "runs") : (trials, "trials")
    let isCompared = entries.contains { baseline(of: $0) != $0.name }
    guard !isQuick, isCompared, count < needed else { return nil }
    return
      "\(count) \(what) are too few for differences from the baseline: with \(metrics.count) metrics it takes "
      + "\(needed)"
  }

  /// About how long the turns of all runs take, by their schedules and by what they wait for.
  public var expectedLength: Duration {
    let trial = conditions.reduce(Duration.zero) { $0 + turnLength(under: $1) * variants.count }
    let run = trial * (trials + warmUps)
    return max(run, runSpacing) * (runs - 1) + run
  }

  /// Who was disturbed comes back after about a second. Who stalls is dropped within twice the time that the server allows.
  private func turnLength(under condition: Condition) -> Duration {
    // To connect, to shake hands, to ask, to read and to leave.
    let roundTrips = (condition.network?.delay ?? .zero) * 2 * 5
    let length = condition.meanLength + roundTrips + (condition.disturbance == nil ? .zero : .seconds(1))
    guard condition.stalled > 0 else { return length }
    return max(length, Duration(roundedSeconds: 2 * seconds(ofLimit: "stall-time")))
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
    // What one reader sees is no sample of what others do.
    guard metric.quantile == nil || readers(under: condition) > 1 else { return 1 }
    return readers(under: condition) * (condition.tokensTaken - (metric == .gap99 ? 1 : 0))
  }
}
