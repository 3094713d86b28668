import MonotonicTime
import NIOCore
import NIOHTTP1
import NIOHTTP2
import Wire

/// Carries a conversation in streams of a connection, one request each (RFC 9113, section 8.1).
final class HTTP2Carrier: Carrier {
  private let session: HTTP2Session
  private var conversation: Conversation?
  private var stream: (any Channel)?
  /// There is a request whose head has not wholly left: nobody can have acted on it.
  private var isUnsent = false

  /// Begins a conversation.
  /// - Parameter opensConnection: it is the first on it.
  static func converse(on session: HTTP2Session, _ journey: Journey, opensConnection: Bool) {
    let carrier = HTTP2Carrier(session)
    let conversation = Conversation(journey: journey, carrier: carrier)
    carrier.conversation = conversation
    session.isUsed(by: carrier)
    conversation.begin(opensConnection: opensConnection)
    // Who warms it says so when it is warm.
    if !journey.needsWarming { session.isReady() }
  }

  private init(_ session: HTTP2Session) {
    self.session = session
  }

  var readAt: Instant { session.readAt }
  private(set) var heardAt = Instant.now
  var takesRequests: Bool { session.takesRequests }

  func send(_ head: HTTPRequestHead, body: [UInt8], allowsUpgrade: Bool) -> Int {
    isUnsent = true
    let carrier = NIOLoopBound(self, eventLoop: session.loop)
    session.stream { channel in
      channel.eventLoop.makeCompletedFuture {
        let carrier = carrier.value
        // It may have been over before its turn came.
        guard carrier.conversation != nil else { throw ReadError.connectionLost }
        carrier.stream = channel
        try channel.pipeline.syncOperations.addHandler(
          HTTP2Exchange(head, body, of: carrier, on: carrier.session))
      }
    }.whenFailure { carrier.value.exchangeEnded($0, isUnprocessed: true) }
    return 0
  }

  func sendBeside(_ head: HTTPRequestHead, orElse again: @escaping () -> Void) -> Bool {
    guard takesRequests else { return false }
    let beside = NIOLoopBound((session, BesideRequest(orElse: again)), eventLoop: session.loop)
    session.stream { channel in
      channel.eventLoop.makeCompletedFuture {
        let (session, request) = beside.value
        try channel.pipeline.syncOperations.addHandler(HTTP2Exchange(head, [], of: request, on: session))
      }
    }.whenFailure { beside.value.1.exchangeEnded($0, isUnprocessed: true) }
    return true
  }

  func startCounting() {
    session.startCounting()
    session.isReady()
  }

  func outliveConnection() { session.outliveConnection() }
  func noteCount() {}
  /// The connection's count is its last reader's.
  func stopCounting() -> Carried? {
    session.isLeft(by: self)
    return Carried()
  }

  /// The connection is gone.
  func connectionEnded() {
    if isUnsent { return askAgain() }
    if let trouble = session.trouble, conversation?.isOver == false { conversation?.fail(trouble) }
    conversation?.connectionEnded(isWhole: false)
  }

  /// No other stream begins on the connection.
  func connectionGivenUp() {
    if isUnsent { askAgain() }
  }

  /// At once where a connection that has answered others is given up in peace, and else a moment later.
  private func askAgain() {
    conversation?.askAgain(isAtOnce: !takesRequests && session.hasAnswered && session.isInPeace)
  }

  /// What is still being answered is cancelled.
  func close() {
    conversation = nil
    stream?.close(promise: nil)
    stream = nil
  }
}

extension HTTP2Carrier: HTTP2ExchangeOwner {
  func requestLeft(bodyCount: Int) {
    isUnsent = false
    conversation?.requestLeft(bodyCount: bodyCount)
  }

  func take(_ part: ResponseDecoder.Part) {
    heardAt = readAt
    session.noteAnswer()
    conversation?.take(part, isFollowed: false)
  }

  func exchangeEnded(_ error: (any Error)?, isUnprocessed: Bool) {
    if isUnprocessed {
      askAgain()
    } else if let error {
      conversation?.fail(ReadError(error))
    } else {
      connectionEnded()
    }
  }
}

/// A request whose answer nobody reads.
private final class BesideRequest: HTTP2ExchangeOwner {
  private let again: () -> Void

  init(orElse again: @escaping () -> Void) {
    self.again = again
  }

  func requestLeft(bodyCount: Int) {}
  func take(_ part: ResponseDecoder.Part) {}
  func exchangeEnded(_ error: (any Error)?, isUnprocessed: Bool) {
    if isUnprocessed { again() }
  }
}
