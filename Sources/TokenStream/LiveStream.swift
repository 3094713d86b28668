import MonotonicTime

/// One answer being generated: the script, read along its schedule into a log.
public final class LiveStream {
  public let id: StreamID
  public let question: Question
  /// The instant from which the schedule counts.
  public let started: Instant
  public let log: TokenLog
  /// When the log ended.
  public private(set) var finished: Instant?
  private var script: Script
  private var schedule: Schedule
  private var nextOffset: Duration
  /// How long after their instants its tokens were appended, added up.
  public private(set) var lateness = Duration.zero

  /// - Parameter resumingAt: where a reader of an earlier incarnation stopped. Everything before that index is
  ///   in the log at once, and the schedule goes on from there instead of from the think time.
  public init(id: StreamID, question: Question, now: Instant, resumingAt index: Int = 0) {
    self.id = id
    self.question = question
    log = TokenLog(epoch: question.epoch)
    script = Script(question)
    schedule = Schedule(question)
    nextOffset = schedule.next()!
    var past: [String] = []
    var resumedOffset = Duration.zero
    while past.count < index, let token = script.next() {
      past.append(token)
      resumedOffset = nextOffset
      nextOffset = schedule.next()!
    }
    started = now.advanced(by: .zero - resumedOffset)
    log.append(past)
  }

  /// Appends every token whose intended instant has come, and ends the log after the last.
  /// - Returns: when to call again; nil once the log has ended.
  public func advance(to now: Instant) -> Instant? {
    guard log.end == nil else { return nil }
    guard let first = nextDue(at: now) else {
      // A reader came back for what stands behind the last token.
      if let end = noteEnd(adding: 0, at: now) { log.finish(end) }
      return log.end == nil ? started.advanced(by: nextOffset) : nil
    }
    if let second = nextDue(at: now) {
      var batch = [first, second]
      while let token = nextDue(at: now) { batch.append(token) }
      log.append(batch, end: noteEnd(adding: batch.count, at: now))
    } else {
      log.append(first, end: noteEnd(adding: 1, at: now))
    }
    // A reader that was woken may have stopped the stream.
    guard log.end == nil else { return nil }
    return started.advanced(by: nextOffset)
  }

  /// Takes the next token if its instant has come.
  private func nextDue(at now: Instant) -> String? {
    let due = started.advanced(by: nextOffset)
    guard due <= now, let token = script.next() else { return nil }
    lateness += due.duration(to: now)
    nextOffset = schedule.next()!
    return token
  }

  /// Notes the time if so many more tokens are the last.
  /// - Returns: why nothing follows them; nil while something does.
  private func noteEnd(adding count: Int, at now: Instant) -> EndReason? {
    guard log.tokens.count + count == question.tokenCount else { return nil }
    finished = now
    return .complete
  }

  /// Ends the log where it stands.
  public func stop(at now: Instant) {
    guard log.end == nil else { return }
    finished = now
    log.finish(.stopped)
  }
}

/// A stream's name on its server: 16 hexadecimal digits nobody can guess.
public struct StreamID: Hashable, Sendable, LosslessStringConvertible {
  private let number: Epoch

  public init?(_ description: String) {
    self.init(digits: Substring(description).utf8)
  }

  /// - Parameter digits: the same digits as bytes of ASCII.
  public init?(digits: Substring.UTF8View) {
    guard let number = Epoch(digits: digits) else { return nil }
    self.number = number
  }

  public init(using generator: inout some RandomNumberGenerator) {
    number = Epoch(rawValue: generator.next())
  }

  public var description: String { number.description }
}
