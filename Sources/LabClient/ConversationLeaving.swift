import Answers
import MonotonicTime
import Wire

/// How a conversation ends.
extension Conversation {
  /// The stream's end was reached: all is read.
  func finish(_ done: Done) {
    finish(done.reason, because: done.error)
  }

  /// - Parameter failure: why the answer failed.
  func finish(_ reason: EndReason, because failure: String? = nil) {
    guard !isOver else { return }
    leave()
    if reason == .failed {
      return journey.fail(.answerFailed(words: failure ?? "the server does not say why"))
    }
    journey.finish(reason, at: carrier.readAt)
  }

  /// The connection is of no more use.
  func fail(_ error: ReadError) {
    guard !isOver else { return }
    leave()
    let isReading = stage == .reading
    journey.lost(error, isAsking: !isReading, idleUntil: isReading ? journey.transport.idleUntil : nil)
  }

  /// What was read has ended before the stream did.
  func failAtEnd() {
    fail(dismissal.map(ReadError.dismissed) ?? .connectionLost)
  }

  func failIfRefused(_ head: ReceivedHead) {
    if head.status != 200 { fail(ReadError(refusedBy: head)) }
  }

  /// Nobody can wait for the end of what does not end.
  /// - Parameter heldBytes: what has come of an event or a line that is not whole.
  func failIfEndless(_ heldBytes: Int) {
    guard heldBytes > Self.largestPiece else { return }
    fail(.malformed("more than \(Self.largestPiece) bytes that end neither an event nor a line"))
  }

  /// Far more than a token, or what a server says of itself.
  private static let largestPiece = 1 << 20

  /// Nothing is lost, but the next request needs another connection.
  /// - Parameter instant: when it is planned; nil is at once.
  func moveOn(at instant: Instant?) {
    guard !isOver else { return }
    leave()
    journey.comeBack(in: instant.map { Instant.now.duration(to: $0) } ?? .zero)
  }

  /// Sends again what the server has not begun with.
  /// - Parameter isAtOnce: else later each time, and not for ever.
  func askAgain(isAtOnce: Bool) {
    journey.refusals += 1
    guard journey.refusals <= Self.mostRefusals else {
      return fail(.unreachable("it begins with none of \(Self.mostRefusals) requests"))
    }
    let pause = min(.seconds(1), .milliseconds(50) * (1 << (journey.refusals - 1)))
    moveOn(at: isAtOnce ? nil : Instant.now.advanced(by: pause))
  }

  private static let mostRefusals = 10

  /// Reads no more. A WebSocket takes leave first (RFC 6455, section 7).
  func leave() {
    guard !isOver else { return }
    isOver = true
    watch?.cancel()
    carrier.noteCount()
    journey.partings += 1
    guard let socket else {
      release()
      return carrier.close()
    }
    socket.takeLeave(of: self)
  }

  /// Leave is taken: what the connection carried is counted.
  func release() {
    guard isOver, !isReleased else { return }
    isReleased = true
    if let carried = carrier.stopCounting() {
      journey.add(carried)
    } else {
      journey.reading.isCounted = false
    }
    journey.hasParted()
  }
}
