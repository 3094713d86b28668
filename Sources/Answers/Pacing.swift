import Glibc

/// When a model would emit its tokens, relative to the stream's start.
public struct Pacing: Hashable, Sendable {
  /// The time before the first token.
  public var think: Duration
  /// Tokens a second, on average, once the first is out.
  public var rate: Double
  /// Coefficient of variation of the gaps (standard deviation over mean): 0 is a metronome, and a language
  /// model behind a shared accelerator lies around 0.3 to 1. The gaps are log-normal.
  public var jitter: Double
  /// How many tokens share an instant, as where a server emits what several decoding steps made. The average
  /// rate stays what `rate` says.
  public var burst: Int

  public init(think: Duration = .milliseconds(400), rate: Double = 30, jitter: Double = 0.3, burst: Int = 1) {
    self.think = think
    self.rate = rate
    self.jitter = jitter
    self.burst = burst
  }
}

/// Each token's intended instant as the time since the stream's start: an endless, never falling sequence
/// that server and reader compute alike.
public struct Schedule: Sequence, IteratorProtocol, Sendable {
  /// In seconds: eleven days. A rare draw of a wild distribution would not fit into 64 bits of nanoseconds.
  private static let longestGap = 1e6
  private let pacing: Pacing
  /// Parameters of the normal distribution under the log-normal gaps, chosen for a mean of 1.
  private let mu: Double
  private let sigma: Double
  private var generator: SeededGenerator
  private var index = 0
  private var offset: Duration

  public init(_ question: Question) {
    pacing = question.pacing
    let variance = log(1 + pacing.jitter * pacing.jitter)
    sigma = variance.squareRoot()
    mu = -variance / 2
    var digest = Digest(of: "pace")
    digest.add(question.prompt)
    digest.add(question.seed)
    generator = SeededGenerator(seed: digest.value)
    offset = pacing.think
  }

  public mutating func next() -> Duration? {
    if index > 0, index.isMultiple(of: pacing.burst) {
      let gap = exp(mu + sigma * generator.normal()) * Double(pacing.burst) / pacing.rate
      offset += .nanoseconds(Int64((Swift.min(gap, Self.longestGap) * 1e9).rounded()))
    }
    index += 1
    return offset
  }
}

extension Question {
  /// The intended times of all its tokens since the stream's start.
  public var offsets: [Duration] {
    Array(Schedule(self).prefix(tokenCount))
  }
}
