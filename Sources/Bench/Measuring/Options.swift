import LabClient
import Machine
import MonotonicTime
import Wire

/// What is run.
public struct Options: Codable, Sendable {
  public var servers = Server.allCases
  public var shapes = Load.Shape.allCases
  public var transports = Transport.allCases
  public var readers = [10, 100, 1_000, 4_000, 10_000]
  /// Tokens per second of a stream.
  public var rate = 10.0
  /// How long tokens come before that is measured, and how long it is.
  public var warmUpSeconds = 1.0
  public var seconds = 5.0
  public var trials = 6
  /// Between two questions of a reader that polls.
  public var pollMilliseconds = 250
  public var seed: UInt64 = 1
  /// Whether processors may sleep between tokens; nil decides by how many tokens there are.
  public var letsSleep: Bool?

  public init() {}

  /// A look in half a minute or so, too little to decide by.
  public var quick: Options {
    var options = self
    (options.readers, options.seconds, options.trials) = ([10, 100], 1, 2)
    return options
  }

  /// Processors fall asleep between few tokens, and waking them is not what is measured; among many it would be the
  /// keeping awake. One mode for the whole run, by its highest rate, so that a row does not change it half-way.
  var keepsAwake: Bool {
    let most = Double(readers.max() ?? 0) * rate
    return letsSleep.map { !$0 } ?? (most < Wakefulness.busyTokensPerSecond)
  }

  func load(_ shape: Load.Shape, readers: Int) -> Load {
    let first = max(1, Int((warmUpSeconds * rate).rounded()))
    let count = max(1, Int((seconds * rate).rounded()))
    // Streams go on until the last look at processor time, so that their end is not counted.
    let tokens = first + count + 3
    return Load(
      shape: shape, readers: readers, gap: .nanoseconds(Int64((1e9 / rate).rounded())), tokens: tokens,
      measured: first..<(first + count), pollInterval: .milliseconds(pollMilliseconds))
  }
}
