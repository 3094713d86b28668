import Answers
import Foundation
import MonotonicTime
import Wire

/// How a server's clock differs from this machine's, as seen from here.
public struct ClockOffset: Sendable {
  /// How much later the server's clock is.
  public var ahead: Duration
  /// By how much that may be wrong at most: half of the round trip over which it was seen.
  public var uncertainty: Duration

  /// - Parameters:
  ///   - told: the server's instant, which it wrote down between the other two.
  ///   - asked: when it was asked.
  ///   - answered: when its answer had come.
  init(told: Instant, between asked: Instant, and answered: Instant) {
    uncertainty = asked.duration(to: answered) / 2
    ahead = asked.advanced(by: uncertainty).duration(to: told)
  }

  /// Both looks in one: the clocks may have drifted apart between them.
  public func joined(with other: ClockOffset) -> ClockOffset {
    var joined = self
    joined.ahead = (ahead + other.ahead) / 2
    let apart = (other.ahead - ahead) / 2
    joined.uncertainty = max(uncertainty, other.uncertainty) + max(apart, .zero - apart)
    return joined
  }

  /// What this machine's clock showed at an instant of the server's.
  public func here(_ instant: Instant) -> Instant { instant.advanced(by: .zero - ahead) }
}

extension Reader {
  /// Asks a server for the time some times, and takes the answer of the shortest round trip: of all, it says the most.
  /// - Throws: `ReadError`.
  public func clockOffset(of server: ServerAddress) async throws -> ClockOffset {
    // A stream's schedule tells the time, and this one is over at once.
    let stream = try await ask(
      Question(prompt: "What time is it?", tokenCount: 1, pacing: Pacing(think: .zero)), of: server)
    var best: ClockOffset?
    for _ in 0..<Self.clockLooks {
      let answer = try await timedRequest(.GET, "/streams/\(stream.stream)/schedule", from: server)
      guard let schedule = try? JSONDecoder().decode(ToldTime.self, from: Data(answer.text.utf8)) else {
        throw ReadError.malformed("a schedule that does not tell the time")
      }
      let offset = ClockOffset(
        told: Instant(nanoseconds: schedule.now), between: answer.asked, and: answer.answered)
      if offset.uncertainty < best?.uncertainty ?? .seconds(3_600) { best = offset }
    }
    guard let best else { throw ReadError.connectionLost }
    return best
  }

  private static let clockLooks = 8

  /// Of a stream's schedule.
  private struct ToldTime: Decodable {
    /// In nanoseconds of the server's monotonic clock.
    var now: Int64
  }
}
