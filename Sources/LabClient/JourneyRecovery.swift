import Answers
import MonotonicTime
import NIOCore
import Readings
import Wire

/// What becomes of a journey whose connection is lost.
extension Journey {
  /// A connection was lost, or not made.
  /// - Parameters:
  ///   - isAsking: the stream's name was not known yet.
  ///   - idleUntil: no answer was due on it, and the next request is planned for then.
  func lost(_ error: ReadError, isAsking: Bool = false, idleUntil: Instant? = nil) {
    guard !isOver else { return }
    switch plan.recovery {
    case .none:
      // Between two polls nothing is lost, and no loop that polls would notice.
      guard let idleUntil, stream != nil, case .connectionLost = error else { return fail(error) }
      comeBack(in: Instant.now.duration(to: idleUntil))
    case .naive: returnNaively(after: error, idleUntil: idleUntil)
    case .resume(let resumption):
      resume(resumption, after: error, isAsking: isAsking, idleUntil: idleUntil)
    }
  }

  private func resume(
    _ resumption: Resumption, after error: ReadError, isAsking: Bool, idleUntil: Instant?
  ) {
    let attempt = failedAttempts
    switch error.meaning(reading: plan.variant.transport, isAsking: isAsking) {
    case .final:
      fail(error)
    case .otherEpoch:
      fail(.otherAnswer(epoch: epoch ?? "none"))
    case .streamUnknown where asksInStream:
      // It has just been asked for: there is nothing to go on with.
      fail(error)
    case .streamUnknown:
      noteLoss(error)
      stream = nil
      // The server is there and has said so: nothing to wait for, unless it says so again.
      comeBack(in: wasUnknown ? resumption.backoff.delay(attempt: attempt, using: &generator) : .zero)
      wasUnknown = true
    case .passing:
      noteLoss(error)
      if let idleUntil {
        comeBack(in: Instant.now.duration(to: idleUntil))
      } else {
        comeBack(in: delay(resumption, after: error, attempt: attempt))
      }
    }
  }

  /// An event stream comes back after the reconnection time it was given; one that failed to, later.
  private func delay(_ resumption: Resumption, after error: ReadError, attempt: Int) -> Duration {
    var retryAfter: Duration?
    if case .refused(_, _, let wait) = error { retryAfter = wait }
    guard stream != nil, let time = transport.reconnectionTime else {
      return resumption.backoff.delay(attempt: attempt, retryAfter: retryAfter, using: &generator)
    }
    let bounded = max(min(time, resumption.longestReconnectionTime), retryAfter ?? .zero)
    guard attempt > 0 else { return bounded }
    return bounded + resumption.backoff.delay(attempt: attempt - 1, using: &generator)
  }

  /// Only an EventSource comes back by itself, from what it takes for a network error; and a poll's loop
  /// notices nothing of a connection that ends between two requests.
  private func returnNaively(after error: ReadError, idleUntil: Instant?) {
    guard stream != nil else { return fail(error) }
    noteLoss(error)
    let delay = idleUntil.map { Instant.now.duration(to: $0) } ?? transport.reconnectionTime
    switch error {
    case .connectionLost, .dismissed, .unreachable:
      if let delay { comeBack(in: delay) } else { abandon(after: error) }
    default:
      abandon(after: error)
    }
  }

  private func noteLoss(_ error: ReadError) {
    failedAttempts += 1
    guard missing == nil else { return }
    missing = (reading.arrivals.lazy.map(\.index).max() ?? plan.from - 1) + 1
    let outage = Outage(cause: error.description, noticed: .now, lastBefore: reading.arrivals.last?.at)
    reading.outages.append(outage)
    plan.onOutage?(outage)
  }

  /// Goes on over another connection.
  func comeBack(in delay: Duration) {
    let task = loop.assumeIsolated().scheduleTask(in: .nanoseconds(max(.zero, delay).inNanoseconds)) {
      self.connect()
    }
    comeback = task
    let journey = NIOLoopBound(self, eventLoop: loop)
    // The event loop was shut down meanwhile; a journey that is over cancels it too.
    task.futureResult.whenFailure { _ in journey.value.fail(.connectionLost) }
  }

  /// A token came: it ends the outage if it is one that had not come before.
  func recovered(with index: Int, at instant: Instant) {
    guard let missing, index >= missing else { return }
    self.missing = nil
    failedAttempts = 0
    wasUnknown = false
    reading.outages[reading.outages.count - 1].firstAfter = instant
    plan.onOutage?(reading.outages[reading.outages.count - 1])
    if plan.limit == nil { setDeadline() }
  }

  /// How long what is left may take: the schedule's rest, the plan's patience, and for who comes back the time
  /// in which a dead connection is noticed.
  var limit: Duration {
    if let limit = plan.limit { return limit }
    guard case .resume(let resumption) = plan.recovery else { return plan.expected.length + plan.patience }
    let offsets = plan.expected.offsets
    let past = next > plan.from && offsets.indices.contains(next - 1) ? offsets[next - 1] : .zero
    return plan.expected.length - past + plan.patience + (resumption.silence ?? .zero)
  }

  /// Who comes back names the epoch that `from` counts in.
  var namesEpoch: Bool {
    if case .resume = plan.recovery { !reading.outages.isEmpty } else { false }
  }
}
