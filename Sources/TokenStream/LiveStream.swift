import Answers
import Budgets
import MonotonicTime

/// One answer being generated: what its source gives, read into a log at its instants.
///
/// The log is written some tokens ahead of their instants. Of thousands of streams the processor's cache holds little,
/// and going to a stream for each token alone would be most of what the token costs.
public final class LiveStream {
  // What every token needs stands first.
  public let log: TokenLog
  /// How long after their instants its tokens were found to be due, added up.
  public private(set) var lateness = Duration.zero
  /// How many tokens have come due. Where they are gathered, the last of them are not shown yet.
  private var dueCount: Int
  /// Since when the first of those has been due.
  private var waitingSince: Instant?
  private let batching: Batching?
  /// When the tokens from this one on are due, as far as they are written.
  private var firstAhead: Int
  private var instants = Instants(repeating: Instant(nanoseconds: 0))
  private typealias Instants = [16 of Instant]
  /// How many tokens are written in one go.
  private static let batch = Instants.count
  public let id: StreamID
  public let question: Question
  /// The instant from which the schedule counts.
  public let started: Instant
  /// When the log ended.
  public private(set) var finished: Instant?
  /// Its part of the text that may be held, for as long as it is.
  private let reservation: Budget.Reservation?
  private var tokens: any AnswerTokens
  /// What comes behind what is written.
  private var upcoming: NextToken
  /// What was known of the answer before it began; nil where it is what comes.
  public let foretold: Foretold?

  /// - Parameters:
  ///   - resumingAt: where a reader of an earlier incarnation stopped, of an answer that is foretold. Everything before that
  ///     index is in the log at once, and the schedule goes on from there instead of from the think time.
  ///   - batching: how tokens are gathered; nil shows each at its instant.
  ///   - whenMore: called from any thread when `advance` has more to show than it said.
  public init(
    id: StreamID, answering posed: PosedQuestion, now: Instant, resumingAt index: Int = 0,
    batching: Batching? = nil, reservation: Budget.Reservation? = nil,
    whenMore: @escaping @Sendable () -> Void = {}
  ) {
    self.reservation = reservation
    self.batching = batching
    self.id = id
    question = posed.question
    foretold = posed.foretold
    // An answer that is given once is named by its stream.
    log = TokenLog(epoch: foretold?.epoch ?? id.epoch)
    tokens = posed.begin(at: now, whenMore: whenMore)
    firstAhead = min(index, foretold?.tokenCount ?? 0)
    upcoming = tokens.next()
    var elapsed = Duration.zero
    while log.written < firstAhead, case .token(let text, let offset) = upcoming {
      log.write(text)
      elapsed = offset
      upcoming = tokens.next()
    }
    log.show(upTo: log.written)
    dueCount = log.written
    started = now.advanced(by: .zero - elapsed)
    // Streams that began together must not come to the ends of their batches together.
    writeAhead(1 + Int(log.epoch.rawValue % UInt64(Self.batch)))
  }

  /// Shows every token whose instant has come, and ends the log with the last.
  /// - Returns: when to call again; nil once the log has ended, and where nobody knows.
  public func advance(to now: Instant) -> Instant? {
    guard !log.hasEnded else { return nil }
    if case .notYet = upcoming { upcoming = tokens.next() }
    countDue(at: now)
    let count = dueCount
    if count == log.written, case .end(let ending) = upcoming {
      finished = now
      log.show(upTo: count, end: ending)
    } else if count > log.count, isBatchWhole(at: now) {
      waitingSince = nil
      log.show(upTo: count)
    }
    // A reader that was woken may have stopped the stream.
    guard !log.hasEnded else { return nil }
    if count == log.written { writeAhead() }
    // Where there was no room for what came, the answer is over.
    if count == log.written, case .end(let ending) = upcoming { end(ending, now) }
    guard let batching, let waitingSince else { return due(count) }
    let end = waitingSince.advanced(by: batching.time)
    return due(count).map { min($0, end) } ?? end
  }

  private func isBatchWhole(at now: Instant) -> Bool {
    guard let batching, let waitingSince else { return true }
    return dueCount - log.count >= batching.tokens || waitingSince.advanced(by: batching.time) <= now
  }

  /// How many tokens should be there by now. Counts how late the new ones are.
  private func countDue(at now: Instant) {
    while let due = due(dueCount), due <= now {
      if dueCount == log.written { writeAhead() }
      guard dueCount < log.written else { break }
      lateness += due.duration(to: now)
      dueCount += 1
      if batching != nil, waitingSince == nil { waitingSince = due }
    }
  }

  /// - Parameter index: of a token that is written, or of the one behind them.
  private func due(_ index: Int) -> Instant? {
    if index < log.written { return instants[index - firstAhead] }
    guard case .token(_, let offset) = upcoming else { return nil }
    return started.advanced(by: offset)
  }

  /// Writes the next tokens into the log, and notes when they are due.
  private func writeAhead(_ number: Int = batch) {
    firstAhead = log.written
    for place in 0..<number {
      guard case .token(let text, let offset) = upcoming else { return }
      guard foretold != nil || hasRoom(for: text) else { return }
      log.write(text)
      instants[place] = started.advanced(by: offset)
      upcoming = tokens.next()
    }
  }

  /// Takes room for what nobody foretold, or ends the answer.
  private func hasRoom(for text: String) -> Bool {
    guard let reservation, !reservation.grow(by: text.pieceCount) else { return true }
    tokens.cancel()
    upcoming = .end(.failed("the server has no room for more of this answer"))
    return false
  }

  /// Ends the log where it stands, with what was gathered by then.
  private func end(_ ending: Ending, _ now: Instant) {
    finished = now
    if dueCount > log.count { log.show(upTo: dueCount, end: ending) } else { log.finish(ending) }
  }

  /// Ends the log where it stands. What was not written takes no more room, however long the log is kept.
  public func stop(at now: Instant) {
    guard !log.hasEnded else { return }
    tokens.cancel()
    if let foretold {
      reservation?.shrink(to: foretold.pieceCount * log.written / max(1, foretold.tokenCount))
    }
    end(.stopped, now)
  }
}
