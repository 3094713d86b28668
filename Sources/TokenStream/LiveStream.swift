import Answers
import Budgets
import MonotonicTime

/// One answer being generated: the script, read along its schedule into a log.
///
/// The log is written some tokens ahead of their instants. Of thousands of streams the processor's cache holds little,
/// and going to a stream for each token alone would be most of what the token costs.
public final class LiveStream {
  // What every token needs stands first.
  public let log: TokenLog
  /// How long after their instants its tokens were shown, added up.
  public private(set) var lateness = Duration.zero
  /// When the tokens from this one on are due, as far as they are written, and the one behind them.
  private var firstAhead: Int
  private var instants = Instants(repeating: Instant(nanoseconds: 0))
  private typealias Instants = [17 of Instant]
  /// How many tokens are written in one go.
  private static let batch = Instants.count - 1
  public let id: StreamID
  public let question: Question
  /// The instant from which the schedule counts.
  public let started: Instant
  /// When the log ended.
  public private(set) var finished: Instant?
  /// Its part of the text that may be held, for as long as it is.
  private let reservation: Budget.Reservation?
  private var script: Script
  private var schedule: Schedule

  /// - Parameter resumingAt: where a reader of an earlier incarnation stopped. Everything before that index is
  ///   in the log at once, and the schedule goes on from there instead of from the think time.
  public init(
    id: StreamID, question: Question, now: Instant, resumingAt index: Int = 0,
    reservation: Budget.Reservation? = nil
  ) {
    self.reservation = reservation
    self.id = id
    self.question = question
    log = TokenLog(epoch: question.epoch)
    script = Script(question)
    schedule = Schedule(question)
    firstAhead = min(index, question.tokenCount)
    var elapsed = Duration.zero
    for _ in 0..<firstAhead {
      log.write(script.next()!)
      elapsed = schedule.next()!
    }
    log.show(upTo: firstAhead)
    started = now.advanced(by: .zero - elapsed)
    instants[0] = started.advanced(by: schedule.next()!)
    // Streams that began together must not come to the ends of their batches together.
    writeAhead(1 + Int(question.epoch.rawValue % UInt64(Self.batch)))
  }

  /// Shows every token whose intended instant has come, and ends the log with the last.
  /// - Returns: when to call again; nil once the log has ended.
  public func advance(to now: Instant) -> Instant? {
    guard log.end == nil else { return nil }
    let count = countDue(at: now)
    let isComplete = count == log.written && count == question.tokenCount
    if isComplete { finished = now }
    if isComplete || count > log.count { log.show(upTo: count, end: isComplete ? .complete : nil) }
    // A reader that was woken may have stopped the stream.
    guard log.end == nil else { return nil }
    if count == log.written { writeAhead() }
    return instants[count - firstAhead]
  }

  /// How many tokens should be there by now. Counts how late the new ones are.
  private func countDue(at now: Instant) -> Int {
    var count = log.count
    while count < log.written || count < question.tokenCount, instants[count - firstAhead] <= now {
      lateness += instants[count - firstAhead].duration(to: now)
      if count == log.written { writeAhead() }
      count += 1
    }
    return count
  }

  /// Writes the next tokens into the log, and notes when they are due.
  private func writeAhead(_ number: Int = batch) {
    instants[0] = instants[log.written - firstAhead]
    firstAhead = log.written
    for place in 1...number {
      guard let token = script.next() else { return }
      log.write(token)
      instants[place] = started.advanced(by: schedule.next()!)
    }
  }

  /// Ends the log where it stands. What was not written takes no more room, however long the log is kept.
  public func stop(at now: Instant) {
    guard log.end == nil else { return }
    finished = now
    reservation?.shrink(to: log.written * question.tokenSize)
    log.finish(.stopped)
  }
}
